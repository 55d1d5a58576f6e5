"""Workloads of clusters, and image policies."""
