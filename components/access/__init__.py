"""Who may do what with a registry's content."""
