"""Brings the store to the state that a Pulumi stack was exported in."""

from local_azure.loading.listings import ListingError, read_listing
from local_azure.loading.load import Loaded, load, load_store
from local_azure.loading.shown import state_of_bodies, state_of_listing
from local_azure.loading.states import State, StateError, read_state, state_of, subscription

__all__ = [
    "ListingError",
    "Loaded",
    "State",
    "StateError",
    "load",
    "load_store",
    "read_listing",
    "read_state",
    "state_of",
    "state_of_bodies",
    "state_of_listing",
    "subscription",
]
