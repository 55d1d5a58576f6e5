"""Runs Pulumi programs of others on a local Azure that serves every type, and tells what became of each."""
