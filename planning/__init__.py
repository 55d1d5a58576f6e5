"""Pure functions and tables of Azure's facts, which find deployment errors before any resource is registered.

This package does not import Pulumi and does no input/output: functions take and return plain values, so that they run
in unit tests, policies and previews.
"""
