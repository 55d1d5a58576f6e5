"""Where logs and metrics go."""
