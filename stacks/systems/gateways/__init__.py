"""Application Gateways for Containers in a stack."""
