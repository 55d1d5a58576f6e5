"""Durable Task schedulers, their task hubs, and the sandboxes in which they run activities on demand."""
