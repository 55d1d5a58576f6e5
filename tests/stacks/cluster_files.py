"""The stack file of two clusters with what runs in them, changed line by line."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "up" / "kubernetes" / "stacks"
TEXT = (FOLDER / "Pulumi.test.yaml").read_text(encoding="utf-8")

OUTPUTS = {
    "identities": {key: {"client_id": f"{key}-client"} for key in ("alb", "api", "burst")},
    "compute": {
        "gateways": {"web": {"id": "/subscriptions/s/controller", "firewall_id": "/subscriptions/s/firewall"}},
        "virtual_nodes": {"west": {"pull_identity_id": "/subscriptions/s/burst", "pull_principal_id": "principal"}},
    },
}
"""What the stack tells once it is made, as far as manifests ask for it."""


def clusters(*changes: tuple[str, str]) -> str:
    """Return the file with each first text replaced by the second, which must stand there once."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text
