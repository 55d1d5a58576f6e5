"""Ways out of subnets: route tables, and NAT gateways with their public addresses."""
