"""Runs third-party Pulumi programs on a local Azure that serves every type, and reports the result of each."""
