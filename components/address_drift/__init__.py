"""Records that follow container groups whose addresses change."""
