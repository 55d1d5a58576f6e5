"""Application Gateway for Containers: ingress that runs beside the cluster, not in it."""
