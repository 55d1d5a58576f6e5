"""Plans, rehearses and applies a change in steps that keep every image pull working."""
