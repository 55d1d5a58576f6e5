"""The settings of a fleet, in `stacks/_fleet.yaml`: what the stack files do not state of their deployment."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from components.spec import refuse
from planning.problems import Path, Problem, SpecError
from stacks.document import Document, located, read
from stacks.messages import problems_of

FILE: Final = "_fleet.yaml"
"""Name of the file, beside the stack files."""

_SHORT_SSH = re.compile(r"(?P<host>[\w.-]+@[\w.-]+):(?P<path>(?!//)\S+)")
Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]

SecretName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$")]


class Settings(BaseModel):
    """The settings of a fleet; every field is optional.

    Attributes:
        exclude: stacks that are not deployed in this way.
        organization: first part of the full names of stacks; `organization` is that of a backend of your own.
        repository: URL of the Git repository with the project; empty for the URL of its remote `origin`.
        repository_secret: secret with the credentials of a private repository; None for a public one.
        branch: branch to deploy.
        folder: folder of Pulumi.yaml in the repository; empty for its root.
        source: whether the operator clones the repository itself, or Flux does.
        namespace: namespace of all resources.
        image: image of the workspaces; None for that of the operator.
        client_id: client id of the managed identity that deploys; None for credentials from ESC.
        tenant_id: tenant of the identity.
        subscription_id: subscription of stacks whose files state none.
        backend: URL of the backend; None for Pulumi Cloud.
        storage_account: storage account of an azblob backend.
        secrets_provider: secrets provider of stacks that the operator creates; None for that of the backend.
        access_token: secret whose key `accessToken` is the token of Pulumi Cloud.
        environments: Pulumi ESC environments of each stack; `{stack}` is its name.
        config: additional configuration of every stack.
        resync_minutes: how often drift is looked for; 0 for never.
        drift: whether drift is corrected by an update, or reported by a preview that fails.
        parallel: maximum number of stacks that a workflow deploys at a time; None for no limit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    exclude: tuple[str, ...] = ()
    organization: str = "organization"
    repository: str = ""
    repository_secret: SecretName | None = None
    branch: str = "main"
    folder: str = ""
    source: Literal["git", "flux"] = "git"
    namespace: Label = "moorings"
    image: str | None = None
    client_id: str | None = None
    tenant_id: str | None = None
    subscription_id: str | None = None
    backend: str | None = None
    storage_account: str | None = None
    secrets_provider: str | None = None
    access_token: SecretName = "pulumi-access-token"
    environments: tuple[str, ...] = ()
    config: dict[str, str] = Field(default_factory=dict)
    resync_minutes: int = Field(default=60, ge=0)
    drift: Literal["correct", "report"] = "correct"
    parallel: int | None = Field(default=None, ge=1)

    @property
    def reports_drift(self) -> bool:
        """Whether drift is looked for and not corrected."""
        return self.drift == "report" and self.resync_minutes > 0

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        refuse(self._problems())
        return self

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if (self.client_id is None) is not (self.tenant_id is None):
            lacking = "client_id" if self.client_id is None else "tenant_id"
            yield (lacking,), "is missing, and an identity needs client_id and tenant_id; add it [AN-OIDC]"
        if has_credentials(self.repository):
            yield (
                ("repository",),
                "contains credentials; remove them from the URL, and add repository_secret [PKO-STACK]",
            )
        if self.environments and self.backend is not None and not self.backend.startswith("https://"):
            message = f"needs Pulumi Cloud, and backend is {self.backend}; use config, or remove backend [PUL-ESC]"
            yield ("environments",), message


def settings(path: FilePath) -> Settings:
    """Return the settings in a file, which need not exist.

    Raises:
        SpecError: the file has problems, one line each.
    """
    shown = f"{path.parent.name}/{path.name}"
    document = read(path, shown) if path.exists() else Document({}, {})
    try:
        return Settings.model_validate(document.data or {})
    except ValidationError as error:
        raise SpecError(located(problems_of(error, Settings, document), document)) from None


def has_credentials(url: str) -> bool:
    """Return whether a URL contains a password, or a token in its place; the user of an SSH URL is neither."""
    parts = urlsplit(url)
    return parts.password is not None or (parts.scheme in {"http", "https"} and parts.username is not None)


def repository(stated: str, project: FilePath) -> str:
    """Return the stated URL of the repository, or that of the remote `origin` of the project without credentials.

    The short form of an SSH URL, `git@host:path`, becomes `ssh://git@host/path`, the only form that Flux takes [FLUX-URL].

    Raises:
        SpecError: there is neither.
    """
    url = stated or _origin(project)
    if not url:
        message = "is not stated, and the project has no Git remote origin; add repository: URL"
        raise SpecError([Problem(("repository",), message, place=(f"stacks/{FILE}", None))])
    if short := _SHORT_SSH.fullmatch(url):
        return f"ssh://{short['host']}/{short['path'].lstrip('/')}"
    if has_credentials(url):
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return url


def _origin(project: FilePath) -> str:
    command = ["git", "remote", "get-url", "origin"]
    try:
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return "" if done.returncode else done.stdout.strip()
