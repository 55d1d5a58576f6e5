"""What this machine and this subscription lack for a run. `machine` and `__main__` need the standard library only."""
