"""Alerts of Azure Monitor: action groups, Service Health, Resource Health and metrics."""
