"""The interfaces of the resources of a stack."""
