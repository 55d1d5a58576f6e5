"""Co-location of compute and replicas."""
