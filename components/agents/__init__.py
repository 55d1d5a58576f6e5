"""SRE agents: their scope, tools and permissions."""
