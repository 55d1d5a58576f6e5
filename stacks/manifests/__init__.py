"""Files for clusters: workloads, network policies, allowed images, gateways and the values of charts, from one description."""
