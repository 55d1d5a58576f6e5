"""Durable Task schedulers, their task hubs, and on-demand sandboxes."""
