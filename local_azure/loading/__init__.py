"""Brings the store to the state that a Pulumi stack was exported in."""

from local_azure.loading.load import Loaded, load, load_store
from local_azure.loading.states import State, StateError, read_state, state_of, subscription

__all__ = ["Loaded", "State", "StateError", "load", "load_store", "read_state", "state_of", "subscription"]
