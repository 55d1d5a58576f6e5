"""Container Apps environments in a stack."""
