"""Private endpoints of a registry, the addresses they take and the zones they feed."""
