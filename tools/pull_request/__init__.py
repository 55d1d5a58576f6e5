"""The pull-request check: rehearses the change of a branch on a local Azure, from the current state of each stack."""
