"""SRE agents: what they may reach, call and change."""
