"""Stack files: one typed description per environment, read with line numbers, checked as a whole, layered over a base."""
