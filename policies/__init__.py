"""Policies: one rule engine over a graph of resources, used as a Pulumi policy pack, offline and in pytest."""
