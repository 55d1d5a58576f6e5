"""Kills what a run consists of at chosen moments, and tells whether the next run makes good."""
