"""The address-drift fixer in a stack."""
