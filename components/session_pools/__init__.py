"""Session pools: isolated places in which code runs on demand."""
