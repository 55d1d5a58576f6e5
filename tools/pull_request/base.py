"""The state from which a branch is rehearsed: the tree of its base branch, or an exported state."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d"
_URN = re.compile(r"urn:pulumi:[^:]+::[^:]+::.+::.+")
_PLACEHOLDER = json.dumps("[secret]")
_DEFAULTS = ("origin/main", "main", "origin/master", "master")


class BaseError(Exception):
    """The base of the comparison does not exist; the message is one line."""


@dataclass(frozen=True)
class Tree:
    """The tree of the base branch, extracted to a folder.

    Attributes:
        folder: the folder.
        name: the commit and the branch, for messages.
    """

    folder: Path
    name: str


def extract(root: Path, reference: str | None, into: Path) -> Tree:
    """Extract the tree of the merge base of a branch to a folder; the data of git is not changed.

    Args:
        root: the project with the branch checked out.
        reference: branch, tag or commit of the base; None for the main branch.
        into: the folder, which is emptied first.

    Raises:
        BaseError: the reference, a common commit, or git itself is missing.
    """
    found = reference or next((name for name in _DEFAULTS if _git(root, "rev-parse", "--verify", "-q", name)), None)
    if found is None:
        raise BaseError(f"git knows none of {', '.join(_DEFAULTS)}")
    if not _git(root, "rev-parse", "--verify", "-q", f"{found}^{{commit}}"):
        raise BaseError(f"git knows no commit '{found}': fetch it, or name another with BASE=")
    commit = _git(root, "merge-base", "HEAD", found)
    if not commit:
        raise BaseError(f"the branch and '{found}' have no commit in common: fetch the whole history (fetch-depth: 0)")
    archive = subprocess.run(["git", "archive", "--format=tar", commit], cwd=root, capture_output=True, check=False)
    if archive.returncode:
        raise BaseError(f"git cannot read {commit[:10]}: {archive.stderr.decode(errors='replace').strip()}")
    shutil.rmtree(into, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(into, filter=_inside)
    # The base uses the environment of the branch, so that a rehearsal installs no packages.
    (into / ".venv").symlink_to(root / ".venv", target_is_directory=True)
    return Tree(into, f"{commit[:10]} of {found}")


def _inside(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo | None:
    """Leave out what would reach out of the folder, such as a link to an absolute path, which no rehearsal reads."""
    try:
        return tarfile.data_filter(member, path)
    except tarfile.FilterError:
        return None


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BaseError(f"git cannot be run: {error.strerror}") from error
    return done.stdout.strip() if done.returncode == 0 else ""


def importable(exported: Mapping[str, Any], project: str, stack: str) -> dict[str, Any]:
    """Return an exported state that a rehearsal can import, without secrets and without a secrets provider.

    Args:
        exported: the output of `pulumi stack export`.
        project: name of the project that it is imported into.
        stack: name of the stack that it is imported into.

    Raises:
        BaseError: it is not a state, or that of another project or stack.
    """
    deployment = exported.get("deployment")
    if not isinstance(deployment, Mapping):
        raise BaseError("the state has no 'deployment'; expected the output of `pulumi stack export`")
    for resource in deployment.get("resources") or []:
        urn = str(resource.get("urn")) if isinstance(resource, Mapping) else ""
        if not _URN.match(urn):
            raise BaseError(
                f"the state has a resource with the URN {urn!r}; expected the output of `pulumi stack export`"
            )
        _, stack_name, project_name, *_ = urn.replace("urn:pulumi:", "urn::").split("::")
        if (project_name, stack_name) != (project, stack):
            raise BaseError(f"the state is of stack {stack_name} of {project_name}, not of {stack} of {project}")
    # Pending operations belong to an interrupted run on Azure, and cannot be resolved on the local Azure.
    kept = {
        name: value for name, value in deployment.items() if name not in {"secrets_providers", "pending_operations"}
    }
    return {"version": exported.get("version", 3), "deployment": _without_secrets(kept)}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    if not isinstance(value, dict):
        return value
    # An export with --show-secrets has them in plain text; they are removed too, because a rehearsal writes files.
    if SECRET_SIGNATURE in value and ("ciphertext" in value or "plaintext" in value):
        return {SECRET_SIGNATURE: value[SECRET_SIGNATURE], "plaintext": _PLACEHOLDER}
    return {name: _without_secrets(item) for name, item in value.items()}
