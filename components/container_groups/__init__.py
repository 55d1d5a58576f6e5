"""Groups of containers on Azure Container Instances."""
