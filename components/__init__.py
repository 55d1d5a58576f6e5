"""Reusable Pulumi components, one noun a file, each taking a typed spec and the ids it is wired to.

A component never creates its own resource group, reads no configuration and no clock, and exports nothing: the program
around it does. What it is made of is said by its ``spec`` module, which is also that system's section of a stack file.
"""
