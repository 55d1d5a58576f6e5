"""The shape of route configurations: rules that lead requests for one host to several apps of an environment."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from components.container_apps.ingress_spec import RevisionSuffix
from components.references import Reference
from components.spec import Spec, refuse


class RouteTargetSpec(Spec):
    """An app that a route leads to."""

    app: Annotated[str, Reference(".apps", "app")]
    revision: RevisionSuffix | None = None
    label: str | None = None
    weight: Annotated[int | None, Field(ge=0, le=100)] = None


class RouteMatchSpec(Spec):
    """Requests that a route matches; exactly one of the three forms."""

    prefix: Annotated[str | None, Field(pattern=r"^/")] = None
    path: Annotated[str | None, Field(pattern=r"^/")] = None
    path_separated_prefix: Annotated[str | None, Field(pattern=r"^/")] = None
    case_sensitive: bool = True
    rewrite: Annotated[str | None, Field(pattern=r"^/", description="Replacement of the matched prefix.")] = None

    @model_validator(mode="after")
    def _has_one_form(self) -> Self:
        stated = sum(form is not None for form in (self.prefix, self.path, self.path_separated_prefix))
        if stated != 1:
            refuse([((), f"{stated} of prefix, path, path_separated_prefix are stated; state one [CAE-17]")])
        return self


class RouteRuleSpec(Spec):
    """Matching requests go to the targets."""

    description: str | None = None
    matches: Annotated[list[RouteMatchSpec], Field(min_length=1)]
    targets: Annotated[list[RouteTargetSpec], Field(min_length=1)]


class RoutesSpec(Spec):
    """One host name in front of several apps; its key is its name [CAE-17]."""

    rules: Annotated[list[RouteRuleSpec], Field(min_length=1)]
