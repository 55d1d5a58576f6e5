"""Kubernetes clusters: the managed cluster, its agent pools, who may do what for it, and what watches it."""
