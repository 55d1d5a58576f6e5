"""Container Apps environments with their apps, jobs and routes."""
