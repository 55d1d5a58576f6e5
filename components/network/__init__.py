"""Virtual networks: their address space, subnets, security groups and peerings."""
