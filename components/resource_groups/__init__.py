"""Resource groups with a name, a region and tags of their own, and those made elsewhere."""
