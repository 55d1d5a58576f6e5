"""Kills processes of a run at chosen moments, and reports whether the next run recovers."""
