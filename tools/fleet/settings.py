"""The settings of a fleet, in `stacks/_fleet.yaml`: what the stack files do not state of their deployment."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from components.spec import refuse
from planning.problems import Path, Problem, SpecError
from stacks.document import Document, located, read
from stacks.messages import problems_of

FILE: Final = "_fleet.yaml"
"""Name of the file, beside the stack files."""

Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]


class Settings(BaseModel):
    """The settings of a fleet; every field is optional.

    Attributes:
        exclude: stacks that are not deployed in this way.
        organization: first part of the full names of stacks; `organization` is that of a backend of your own.
        repository: URL of the Git repository with the project; empty for the URL of its remote `origin`.
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
        access_token: secret whose key `accessToken` is the token of Pulumi Cloud.
        environments: Pulumi ESC environments of each stack; `{stack}` is its name.
        config: additional configuration of every stack.
        resync_minutes: how often drift is looked for; 0 for never.
        drift: whether drift is corrected by an update, or fails it.
        parallel: maximum number of stacks that a workflow deploys at a time; None for no limit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    exclude: tuple[str, ...] = ()
    organization: str = "organization"
    repository: str = ""
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
    access_token: str = "pulumi-access-token"
    environments: tuple[str, ...] = ()
    config: dict[str, str] = Field(default_factory=dict)
    resync_minutes: int = Field(default=60, ge=0)
    drift: Literal["correct", "report"] = "correct"
    parallel: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        refuse(self._problems())
        return self

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if (self.client_id is None) is not (self.tenant_id is None):
            lacking = "client_id" if self.client_id is None else "tenant_id"
            yield (lacking,), "is missing, and an identity needs client_id and tenant_id; add it [AN-OIDC]"
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


def repository(stated: str, project: FilePath) -> str:
    """Return the stated URL of the repository, or that of the remote `origin` of the project.

    Raises:
        SpecError: there is neither.
    """
    if stated:
        return stated
    command = ["git", "remote", "get-url", "origin"]
    try:
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    except OSError:
        done = None
    if done is None or done.returncode or not done.stdout.strip():
        message = "is not stated, and the project has no Git remote origin; add repository: URL"
        raise SpecError([Problem(("repository",), message, place=(f"stacks/{FILE}", None))])
    return done.stdout.strip()
