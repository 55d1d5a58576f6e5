"""Manifests of clusters: workloads, network policies, image policies, gateways and Helm values."""
