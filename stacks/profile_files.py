"""Settings that are not part of ARM, as text: profiles of sandbox groups with their schema, and policies of agents."""

from __future__ import annotations

import io
import json
from typing import Literal

from ruamel.yaml import YAML

from planning.problems import Problem, SpecError, unknown
from stacks.loader import Stack
from stacks.systems.agents.policy import policy_of
from stacks.systems.sandboxes.profile import profile_of, schema

SCHEMA_NAME = "sandbox-profile.schema.json"
"""Name of the schema's file, which a YAML profile names in its first line."""

Form = Literal["yaml", "json"]


def files(stack: Stack, group: str | None, form: Form, *, with_schema: bool = False) -> dict[str, str]:
    """Return the files of a stack's sandbox profiles: name to text.

    Args:
        stack: the checked description.
        group: key of one group; None for all.
        form: format of the profiles.
        with_schema: whether to include the schema.

    Raises:
        SpecError: the group does not exist, or the registry's hosts contain a hash that is not known in advance
            [ACR-6].
    """
    groups = stack.spec.sandbox_groups
    if group is not None and group not in groups:
        raise SpecError([Problem(("sandbox_groups",), unknown("sandbox group", group, groups))])
    endpoints = stack.plan.endpoints
    if endpoints is None and groups:
        message = (
            "the registry's host names contain a hash that Azure generates; use the stack's output "
            "compute.sandbox_groups.KEY.profile instead [ACR-6]"
        )
        raise SpecError([Problem(("registry",), message)])
    profiles = {
        f"{stack.plan.sites['sandbox_groups', key].name}.{form}": _text(
            profile_of(stack.spec, stack.plan, key, endpoints).as_dict(), form, SCHEMA_NAME
        )
        for key in groups
        if endpoints is not None and group in (None, key)
    }
    return {**profiles, SCHEMA_NAME: _text(schema(), "json")} if with_schema else profiles


def policies(stack: Stack, agent: str | None, form: Form) -> dict[str, str]:
    """Return the policies of a stack's SRE agents as files: name to text.

    Args:
        stack: the checked description.
        agent: key of one agent; None for all.
        form: format of the policies.

    Raises:
        SpecError: the agent does not exist.
    """
    agents = stack.spec.agents
    if agent is not None and agent not in agents:
        raise SpecError([Problem(("agents",), unknown("agent", agent, agents))])
    return {
        f"{stack.plan.sites['agents', key].name}.{form}": _text(policy_of(stack.spec, stack.plan, key), form)
        for key in agents
        if agent in (None, key)
    }


def _text(data: dict[str, object], form: Form, schema_name: str | None = None) -> str:
    if form == "json":
        return json.dumps(data, indent=2) + "\n"
    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    writer.dump(data, stream)
    first = f"# yaml-language-server: $schema=./{schema_name}\n" if schema_name else ""
    return first + stream.getvalue()
