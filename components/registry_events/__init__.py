"""Events of a container registry by Event Grid."""
