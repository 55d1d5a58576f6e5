"""Container groups in a stack."""
