"""Session pools: isolated sessions that run code on demand."""
