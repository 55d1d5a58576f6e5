"""The systems of a stack, one package each, listed in `catalog`."""
