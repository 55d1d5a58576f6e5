"""Kubernetes clusters in a stack."""
