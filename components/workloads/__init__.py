"""Workloads of clusters, and the images that clusters may run."""
