"""Workloads of the clusters of a stack."""
