"""Policies: one rule engine over a graph of resources, as Pulumi policy pack, offline and in pytest."""
