"""What the objects beside Kubernetes' own may hold, as far as the templates write it: closed shapes in JSON schema."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
SUBDOMAIN: Schema = {
    "type": "string",
    "maxLength": 253,
    "pattern": r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
}
PORT: Schema = {"type": "integer", "minimum": 1, "maximum": 65535}
LABELS: Schema = {"type": "object", "additionalProperties": {"type": "string", "maxLength": 63}}


def shape(required: str, **members: Schema) -> Schema:
    """An object with these members and no others; the required ones by name, parted by blanks."""
    return {"type": "object", "properties": members, "required": required.split(), "additionalProperties": False}


def many(item: Schema, most: int = 64) -> Schema:
    return {"type": "array", "items": item, "minItems": 1, "maxItems": most}


METADATA = shape("name", name=SUBDOMAIN, namespace=SUBDOMAIN, labels=LABELS, annotations={"type": "object"})
PARENT = shape("name namespace sectionName", name=SUBDOMAIN, namespace=SUBDOMAIN, sectionName=SUBDOMAIN)
CERTIFICATE = shape("kind group name", kind={"const": "Secret"}, group={"const": ""}, name=SUBDOMAIN)
SELECTOR = shape(
    "matchExpressions",
    matchExpressions=many(shape("key operator values", key=TEXT, operator={"const": "In"}, values=many(TEXT))),
)
FROM = shape("namespaces", namespaces=shape("from selector", **{"from": {"const": "Selector"}}, selector=SELECTOR))
LISTENER = {
    **shape(
        "name port protocol allowedRoutes",
        name=SUBDOMAIN,
        hostname=TEXT,
        port=PORT,
        protocol={"enum": ["HTTP", "HTTPS"]},
        tls=shape("mode certificateRefs", mode={"const": "Terminate"}, certificateRefs=many(CERTIFICATE)),
        allowedRoutes=FROM,
    ),
    "if": {"properties": {"protocol": {"const": "HTTPS"}}},
    "then": {"required": ["tls"]},
    "else": {"not": {"required": ["tls"]}},
}
ADDRESS = shape("type value", type={"const": "alb.networking.azure.io/alb-frontend"}, value=TEXT)
BACKEND = shape(
    "name port weight", name=SUBDOMAIN, port=PORT, weight={"type": "integer", "minimum": 0, "maximum": 1_000_000}
)
MATCH = shape(
    "path",
    path=shape(
        "type value", type={"const": "PathPrefix"}, value={"type": "string", "pattern": "^/", "maxLength": 1024}
    ),
)
RULE = shape("matches backendRefs", matches=many(MATCH), backendRefs=many(BACKEND, 16))
TARGET = shape(
    "group kind name namespace",
    group={"const": "gateway.networking.k8s.io"},
    kind={"const": "Gateway"},
    name=SUBDOMAIN,
    namespace=SUBDOMAIN,
)

SPECS: dict[tuple[str, str], Schema] = {
    ("gateway.networking.k8s.io/v1", "Gateway"): shape(
        "gatewayClassName listeners",
        gatewayClassName={"const": "azure-alb-external"},
        addresses=many(ADDRESS, 16),
        listeners=many(LISTENER),
    ),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): shape(
        "parentRefs rules", parentRefs=many(PARENT, 32), hostnames=many(TEXT, 16), rules=many(RULE, 16)
    ),
    ("alb.networking.azure.io/v1", "WebApplicationFirewallPolicy"): shape(
        "targetRef webApplicationFirewall", targetRef=TARGET, webApplicationFirewall=shape("id", id=TEXT)
    ),
    ("templates.gatekeeper.sh/v1", "ConstraintTemplate"): shape(
        "crd targets",
        crd=shape(
            "spec", spec=shape("names validation", names=shape("kind", kind=TEXT), validation={"type": "object"})
        ),
        targets=many(shape("target rego", target={"const": "admission.k8s.gatekeeper.sh"}, rego=TEXT), 1),
    ),
    ("constraints.gatekeeper.sh/v1beta1", "MooringsAllowedImages"): shape(
        "enforcementAction match parameters",
        enforcementAction={"enum": ["deny", "dryrun"]},
        match=shape(
            "kinds",
            kinds=many(shape("apiGroups kinds", apiGroups={"const": [""]}, kinds={"const": ["Pod"]})),
            excludedNamespaces={"type": "array", "items": TEXT},
        ),
        parameters=shape("images", images=many(TEXT)),
    ),
}
"""Version and kind to the shape of ``spec``."""


def schema_of(version: str, kind: str) -> Schema | None:
    """The schema of a whole object, or None for a kind that is not known here."""
    spec = SPECS.get((version, kind))
    if spec is None:
        return None
    return shape("apiVersion kind metadata spec", apiVersion=TEXT, kind=TEXT, metadata=METADATA, spec=spec)
