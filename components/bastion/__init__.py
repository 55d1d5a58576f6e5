"""Azure Bastion, and a virtual machine from which private clusters are reached."""
