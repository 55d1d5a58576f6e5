"""Which regions may pull from another region, and why."""
