"""The documentation as a site, built by Zensical in an environment of its own."""
