"""Workspaces for logs and metrics."""
