"""SRE agents in a stack."""
