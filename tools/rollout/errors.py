"""The error of a rollout."""


class RolloutError(Exception):
    """A rollout cannot be planned; the message is one line with the remedy."""
