"""A private endpoint of a key vault."""

from components.service_endpoint import ServiceEndpoint


class VaultEndpoint(ServiceEndpoint):
    """One endpoint of a vault, whose zone all vaults share [PE-ZONES]."""

    token = "moorings:key_vaults:VaultEndpoint"
    group = "vault"
    zone = "vault"
