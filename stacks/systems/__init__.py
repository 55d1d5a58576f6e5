"""The systems of a stack, a package each: what a system needs where it meets others. `catalog` lists them."""
