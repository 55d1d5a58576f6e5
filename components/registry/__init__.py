"""Premium container registries with geo-replicas."""
