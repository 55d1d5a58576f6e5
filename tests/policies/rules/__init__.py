"""Every rule, on data."""
