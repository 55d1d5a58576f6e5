"""The providers of the current run, as the engine knows them."""

from typing import Final

import pulumi
from pulumi.runtime.settings import get_monitor

from components.parameterized import PROVIDER, provider_version
from components.provider_functions import call

_ANY_READ: Final = "azure-native:authorization:getClientConfig"
"""A function that makes the engine register the provider."""


def default_provider() -> str:
    """Return the reference of azure-native's default provider, or an empty string if the engine does not know it.

    Waits for the engine's answers, so call it before the first resource is registered [PUL-DEFAULT-PROVIDER].
    """
    version, monitor = provider_version(), get_monitor()
    name = f"default_{version.replace('.', '_')}"
    urn = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::pulumi:providers:{PROVIDER}::{name}"
    try:
        call(monitor, _ANY_READ, {}, version=version)
        return f"{urn}::{call(monitor, 'pulumi:pulumi:getResource', {'urn': urn})['id']}"
    except Exception as error:
        pulumi.log.debug(f"the provider {urn} is not known: {error}")
        return ""
