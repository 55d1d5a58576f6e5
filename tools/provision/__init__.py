"""What a fresh machine needs first: the virtual environment and the Pulumi CLI. Standard library only."""
