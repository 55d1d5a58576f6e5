"""Whether an image can be pulled or pushed now, and if not, which link is broken: pure functions over a snapshot."""
