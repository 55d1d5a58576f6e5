"""Stack files: one typed description per environment, layered over a base, with the checks of the whole."""
