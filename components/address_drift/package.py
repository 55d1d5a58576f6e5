"""The function app's package: a reproducible zip archive of its code.

Run as a module, it writes the archive: ``python -m components.address_drift.package address-drift.zip``.
"""

import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path

PACKAGE = "address_drift"
"""Name of the code's package in the archive."""

_CODE = Path(__file__).parent / "function"
_MOMENT = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16

REQUIREMENTS = (
    "azure-functions==1.26.0",
    "azure-identity==1.27.0",
    "azure-mgmt-containerinstance==10.1.0",
    "azure-mgmt-privatedns==2.0.0",
    "azure-monitor-ingestion==1.1.0",
)
"""The app's requirements, installed by the remote build of a deployment."""

_HOST = {
    "version": "2.0",
    "extensionBundle": {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"},
    "logging": {"logLevel": {"default": "Information", "address_drift": "Information"}},
}
_ENTRY = f'"""Entry point of the Functions host."""\n\nfrom {PACKAGE}.app import app\n\n__all__ = ["app"]\n'


def files() -> dict[str, bytes]:
    """Return the archive's files by path, sorted."""
    found = {f"{PACKAGE}/{path.name}": path.read_bytes() for path in _CODE.glob("*.py")}
    found |= {
        "function_app.py": _ENTRY.encode(),
        "host.json": (json.dumps(_HOST, indent=2) + "\n").encode(),
        "requirements.txt": ("\n".join(REQUIREMENTS) + "\n").encode(),
    }
    return dict(sorted(found.items()))


def archive() -> bytes:
    """Return the archive, stored without compression because compressed bytes differ between versions of zlib."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for path, content in files().items():
            entry = zipfile.ZipInfo(path, _MOMENT)
            entry.create_system = 3
            entry.external_attr = _MODE
            bundle.writestr(entry, content)
    return target.getvalue()


def digest() -> str:
    """Return the SHA-256 of the archive, which shows whether an app runs this code."""
    return hashlib.sha256(archive()).hexdigest()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(archive())
