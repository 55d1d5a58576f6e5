"""Virtual nodes: pods of a cluster that run on Azure Container Instances."""
