"""The refusals that Resource Manager itself states, whatever the provider."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from local_azure.errors import GATEWAY, ArmError
from local_azure.resource_id import ResourceId


def resource_not_found(resource_id: ResourceId) -> ArmError:
    """Return Resource Manager's 404 for a resource of an existing group [REC-404]."""
    kind = f"{resource_id.type}/{resource_id.full_name}"
    where = f" under resource group '{resource_id.resource_group}'" if resource_id.resource_group else ""
    message = (
        f"The Resource '{kind}'{where} was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix"
    )
    return ArmError(404, "ResourceNotFound", message, headers=GATEWAY)


def group_not_found(name: str) -> ArmError:
    """Return the 404 for a group that does not exist [ARM-ERRORS]."""
    message = f"Resource group '{name}' could not be found."
    return ArmError(404, "ResourceGroupNotFound", message, headers=GATEWAY)


def parent_not_found(resource_id: ResourceId, action: str) -> ArmError:
    """Return the 404 for a child whose parent does not exist [ARM-ERRORS]."""
    kinds = "/".join(resource_id.types)
    message = (
        f"Failed to perform '{action}' on resource(s) of type '{kinds}', because the parent resource "
        f"'{resource_id.parent}' could not be found."
    )
    return ArmError(404, "ParentResourceNotFound", message, headers=GATEWAY)


def reference_not_found(reference: Any, referrer: Any, target: str | None = None) -> ArmError:
    """Return the 400 for an id in a body that names nothing in the region of the resource [NET-REFERENCE]."""
    message = (
        f"Resource {reference} referenced by resource {referrer} was not found. Please make sure that the referenced resource "
        "exists, and that both resources are in the same region."
    )
    return ArmError(400, "InvalidResourceReference", message, target=target)


def missing_api_version() -> ArmError:
    """Return the 400 for a request without api-version [ARM-ERRORS]."""
    message = "The api-version query parameter (?api-version=) is required for all requests."
    return ArmError(400, "MissingApiVersionParameter", message, headers=GATEWAY)


def invalid_type(resource_id: ResourceId, api_version: str) -> ArmError:
    """Return the 404 for a type that its namespace does not have [ARM-ERRORS]."""
    message = (
        f"The resource type '{'/'.join(resource_id.types)}' could not be found in the namespace "
        f"'{resource_id.namespace}' for api version '{api_version}'."
    )
    return ArmError(404, "InvalidResourceType", message, headers=GATEWAY)


def invalid_namespace(namespace: str) -> ArmError:
    """Return the 404 for a namespace that is not known here [ARM-ERRORS]."""
    return ArmError(
        404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.", headers=GATEWAY
    )


def no_provider_for_version(resource_id: ResourceId, api_version: str, known: Iterable[str]) -> ArmError:
    """Return the 400 for an api-version that the type does not have [ARM-ERRORS]."""
    message = (
        f"No registered resource provider found for location '' and API version '{api_version}' for type "
        f"'{'/'.join(resource_id.types)}'. The supported api-versions are '{', '.join(sorted(known))}'."
    )
    return ArmError(400, "NoRegisteredProviderFound", message, headers=GATEWAY)


def method_not_allowed(method: str, resource_id: ResourceId) -> ArmError:
    """Return the 405 for a verb that the type does not have."""
    message = f"The requested resource '{resource_id}' does not support http method '{method}'."
    return ArmError(405, "HttpMethodNotAllowed", message, headers=GATEWAY)


def invalid_body(problems: list[tuple[str, str]]) -> ArmError:
    """Return the 400 that names every field path the published type does not admit (code chosen)."""
    text = "; ".join(f"{path}: {problem}" for path, problem in problems)
    details = [{"code": "InvalidRequestContent", "target": path, "message": problem} for path, problem in problems]
    message = f"The request content was invalid and could not be deserialized: {text}"
    return ArmError(400, "InvalidRequestContent", message, target=problems[0][0], details=details)


def precondition_failed() -> ArmError:
    """Return the 412 for an ETag that does not match [DNS-ETAG]."""
    return ArmError(412, "PreconditionFailed", "The condition of the request, its ETag, has not been satisfied.")
