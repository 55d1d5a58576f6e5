"""Kubernetes clusters: the managed cluster, its agent pools, its identities, and its monitoring."""
