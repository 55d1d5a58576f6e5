"""All stacks of a project together: run in their order, and written as resources of the Pulumi Kubernetes Operator."""
