"""Azure Bastion in a stack."""
