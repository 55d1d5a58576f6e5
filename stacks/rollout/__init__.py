"""The steps of a rollout: descriptions between the one that is running and the one in the stack file."""
