"""Sets up the virtual environment and the Pulumi CLI. Standard library only."""
