"""Microsoft.App agents: SRE Agent [SRE-1]."""

from __future__ import annotations

from local_azure.arm_family import Family, Marks, TypeRow

AGENTS = "Microsoft.App/agents"

FAMILY = Family(
    types=(TypeRow(AGENTS, "app", "Agent", ("agentName",)),),
    required={"app/Agent": frozenset({"location"})},
    marks={AGENTS: Marks("chosen: location of a tracked resource", frozenset({"location"}))},
)
