"""The program behind `pulumi up`: reads the stack file, builds the platform, and exports its outputs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import pulumi

from planning.problems import Problem, SpecError
from stacks.exclusive import members
from stacks.files import DESCRIPTION, DIRECTORY, OUTPUTS_VARIABLE, STACKS_VARIABLE
from stacks.loader import Session, Stack, load
from stacks.network_checks import far_sides_behind
from stacks.occupied import occupied
from stacks.previous import READ, Previous, parse
from stacks.renames import problems
from stacks.systems.catalog import SYSTEMS
from stacks.systems.key_vaults.system import fixed

TIME_SCALE = "MOORINGS_TIME_SCALE"
"""Environment variable that scales the program's own waits, from 0 (none) to 1. Used with the local Azure."""


def main(directory: Path = DIRECTORY) -> None:
    """Run the current stack; an invalid stack file ends the program with one line per problem.

    Args:
        directory: directory of the stack files; the variable `STACKS_VARIABLE` names another one.

    Raises:
        pulumi.RunError: the stack file is invalid; the engine prints its problems only.
    """
    directory = Path(os.environ.get(STACKS_VARIABLE) or directory)
    try:
        described = pulumi.Config("moorings").get_object("stack")
        stack = load(pulumi.get_stack(), directory=directory, engine=described, session=session())
    except SpecError as error:
        _warn(error.problems)
        raise pulumi.RunError("\n".join(error.lines)) from None
    from components.lean_state import lean_state  # noqa: PLC0415 - an invalid stack file needs none of the components

    with lean_state() if stack.spec.engine_state == "lean" else nullcontext():
        run(stack, os.environ)


def run(stack: Stack, environment: Mapping[str, str]) -> pulumi.ComponentResource:
    """Register all resources, log the warnings, export the outputs, and return the platform.

    Args:
        stack: the checked description.
        environment: the process's environment variables, of which only `TIME_SCALE` is read.
    """
    platform, outputs = made(f"{stack.spec.name}-{stack.spec.environment}", stack, environment)
    for key, value in outputs.items():
        pulumi.export(key, value)
    pulumi.export(DESCRIPTION, pulumi.Output.secret(json.dumps(stack.description, default=str)))
    return platform


def made(
    name: str,
    stack: Stack,
    environment: Mapping[str, str],
    *,
    hooks: str = "",
    opts: pulumi.ResourceOptions | None = None,
) -> tuple[pulumi.ComponentResource, dict[str, pulumi.Input[object]]]:
    """Register all resources, log the warnings, and return the platform with its outputs.

    Args:
        name: its logical name, and prefix of all others.
        stack: the checked description.
        environment: the process's environment variables, of which only `TIME_SCALE` is read.
        hooks: end of the names of its hooks, where a program may have several platforms.
        opts: options of the platform.
    """
    # An invalid stack file must not pay for the import of the SDK.
    from components.aliases import drop_version_aliases  # noqa: PLC0415 - see above
    from components.network.others import guard  # noqa: PLC0415 - see above
    from components.private_endpoint.connections import refusal  # noqa: PLC0415 - see above
    from components.private_endpoint.members import Patience  # noqa: PLC0415 - see above
    from components.protection import protected  # noqa: PLC0415 - see above
    from components.stable import held_outputs  # noqa: PLC0415 - see above
    from stacks.platform import Platform  # noqa: PLC0415 - see above
    from stacks.providers import default_provider  # noqa: PLC0415 - see above

    transformations: list[pulumi.ResourceTransformation] = []
    if stack.spec.version_aliases == "drop":
        transformations.append(drop_version_aliases)
    if stack.spec.protect:
        transformations.append(protected)
    held = _previous()
    refused = [
        *problems(name, stack.spec, held),
        *occupied(name, stack.spec, held),
        *fixed(name, stack.spec, held),
    ]
    if refused:
        raise pulumi.RunError("\n".join(SpecError(refused).lines))
    _warn([*stack.problems, *far_sides_behind(name, stack.spec, stack.plan, held)])
    guarded = members(name, stack.spec, held)
    with held_outputs({found.urn: found.outputs for found in held.resources}):
        platform = Platform(
            name,
            stack.spec,
            stack.plan,
            SYSTEMS,
            patience=Patience(interval_seconds=Patience().interval_seconds * scale(environment)),
            previous=held,
            hooks=guard(guarded, default_provider() if guarded and held.resources else "", hooks),
            endpoint_hooks=refusal(hooks),
            opts=pulumi.ResourceOptions.merge(pulumi.ResourceOptions(transformations=transformations), opts),
        )
    return platform, platform.outputs()


def _warn(problems: Iterable[Problem]) -> None:
    for problem in problems:
        if problem.severity == "warning":
            pulumi.log.warn(problem.line())


def _previous() -> Previous:
    """Read the state of the current stack; waits for the engine's answer."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    answer = pulumi.runtime.invoke(READ, {"stackName": stack}).value
    return parse((answer or {}).get("outputs") or {})


def session() -> Session:
    """Return what is known during this run; each value is read once, and only if the stack file needs it."""

    @cache
    def outputs(stack: str) -> Mapping[str, Any]:
        file = os.environ.get(OUTPUTS_VARIABLE)
        if file:
            return _local_outputs(Path(file), stack)
        try:
            answer = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": stack}).value
        except Exception as error:
            text = " ".join(str(error).split())
            message = (
                f"the outputs of stack {stack} cannot be read ({text}); check its name, and that this backend has it"
            )
            raise ValueError(f"{message} [PUL-OUTPUTS]") from error
        return (answer or {}).get("outputs") or {}

    @cache
    def subscription() -> str:
        answer = pulumi.runtime.invoke("azure-native:authorization:getClientConfig", {}).value
        return str((answer or {}).get("subscriptionId", ""))

    return Session(outputs, subscription)


def _local_outputs(file: Path, stack: str) -> Mapping[str, Any]:
    """The outputs that the local run found of a stack; its line where it found none."""
    found = json.loads(file.read_text(encoding="utf-8")).get(stack, f"stack {stack} is not on this machine")
    if isinstance(found, str):
        raise ValueError(found)
    return found


def scale(environment: Mapping[str, str]) -> float:
    """Return the factor of the program's own waits that the environment variables state."""
    text = environment.get(TIME_SCALE, "1")
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise pulumi.RunError(f"{TIME_SCALE}: {text!r} is not a number from 0 to 1; unset it for real waits")
    return found
