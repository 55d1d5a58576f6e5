"""Adoption: resources that exist, described in a stack file, and imported so that the first update changes nothing."""
