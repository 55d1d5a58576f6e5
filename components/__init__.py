"""Reusable Pulumi components, one noun a file, each taking a typed spec and the ids it is wired to.

A component never creates its own resource group, reads no configuration and no clock, and exports nothing: the calling
program does. Its ``spec`` module describes its inputs, and is also that system's section of a stack file.
"""
