"""The provider of the package: constructs the components, and answers the functions."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.errors import InputPropertiesError
from pulumi.provider import CheckFailure, ConstructResult, Provider, main
from pulumi.provider.provider import InvokeResult
from typing_extensions import override

from components.aliases import drop_version_aliases
from package.face import Face
from package.faces import FACES
from package.functions import FUNCTIONS, Function
from package.platform import PLATFORM
from package.refusals import RefusedError
from package.schema import installed_version, served

BY_TOKEN: Mapping[str, Face] = {each.token: each for each in (*FACES, PLATFORM)}
ANSWERS: Mapping[str, Function] = {each.token: each for each in FUNCTIONS}


class Moorings(Provider):
    """The provider; its schema is the generated file, with the version by which the engine knows the package."""

    def __init__(self) -> None:
        super().__init__(installed_version(), served())

    @override
    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Mapping[str, Any],
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Make one component.

        Raises:
            InputPropertiesError: inputs that are not valid, each with its path.
        """
        face = BY_TOKEN[resource_type]
        quick = pulumi.ResourceOptions(transformations=[drop_version_aliases])
        opts = pulumi.ResourceOptions.merge(options, quick)
        try:
            component = face.build(name, inputs, opts)
        except RefusedError as error:
            problems = [{"property_path": path, "reason": message} for path, message in error.problems]
            raise InputPropertiesError("", problems) from None
        return ConstructResult(component.urn, face.state(component))

    @override
    def invoke(self, token: str, args: Mapping[str, Any]) -> InvokeResult:
        """Answer one function; arguments that are not valid are failures, each with its path."""
        try:
            return InvokeResult(ANSWERS[token].call(args))
        except RefusedError as error:
            return InvokeResult({}, failures=[CheckFailure(path, message) for path, message in error.problems])


def serve() -> None:
    """Serve the provider until the engine ends it."""
    main(Moorings(), sys.argv[1:])
