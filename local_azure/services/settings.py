"""Behaviours that no source settles, each with a default that was chosen, and sizes that a test may want smaller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SwitchInFullSubnet = Literal["refuse", "revert", "partial"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the local Azure does where documentation, posts and recordings are silent (all chosen).

    `switch_in_full_subnet`: what switching `regionalEndpoints` on does when an attached subnet lacks room. `refuse`
    answers 409 and changes nothing; `revert` accepts, then reads Disabled again; `partial` stays Enabled and leaves
    the endpoint in the full subnet without the new members.
    `data_endpoint_reads_enabled`: whether `dataEndpointEnabled` reads true once a private endpoint has switched the
    data endpoints on. Host names and members follow in both cases.
    `private_endpoint_limit`: private endpoints that one registry takes; 200 is Premium's documented limit [ACR-SKU].
    `functions_assumed`: whether a function app counts as having any function that an event subscription names. Code is
    deployed to an app beside ARM, which nothing here takes; without it a function must be written by PUT first.
    `node_image`: date in the image version of every cluster's nodes [AKS-IMAGE].
    `generic`: whether the types that have no rules are served too, by their shape alone.
    `regional_vcpus`: limit of vCPUs in a region, and of every family of sizes.
    `unregistered_features`: features that the subscription has not registered, such as `Microsoft.Compute/EncryptionAtHost`.
    `page_size`: entries of one list answer before nextLink.
    """

    switch_in_full_subnet: SwitchInFullSubnet = "refuse"
    data_endpoint_reads_enabled: bool = True
    private_endpoint_limit: int = 200
    functions_assumed: bool = True
    node_image: str = "202611.10.0"
    page_size: int = 100
    regional_vcpus: int = 10_000
    unregistered_features: tuple[str, ...] = ()
    generic: bool = False
    tenant: str = "00000000-0000-0000-0000-0000000000aa"
