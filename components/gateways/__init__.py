"""Application Gateway for Containers: ingress outside the cluster."""
