"""Azure Firewall with its policy and the rules that admit what compute reaches outside."""
