"""The function app's package: a zip archive of its code, byte for byte the same wherever and whenever it is made.

Run as a module it writes the archive: ``python -m components.address_drift.package address-drift.zip``.
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
"""What the app needs, installed by the remote build of a deployment."""

_HOST = {
    "version": "2.0",
    "extensionBundle": {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"},
    "logging": {"logLevel": {"default": "Information", "address_drift": "Information"}},
}
_ENTRY = f'"""Where the host looks for functions."""\n\nfrom {PACKAGE}.app import app\n\n__all__ = ["app"]\n'


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
    """Return the archive; stored without compression, whose bytes differ between versions of zlib."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        for path, content in files().items():
            entry = zipfile.ZipInfo(path, _MOMENT)
            entry.create_system = 3
            entry.external_attr = _MODE
            made.writestr(entry, content)
    return target.getvalue()


def digest() -> str:
    """Return the SHA-256 of the archive, by which one sees whether an app runs this code."""
    return hashlib.sha256(archive()).hexdigest()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(archive())
