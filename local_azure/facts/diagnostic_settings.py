"""Microsoft.Insights: diagnostic settings, which extend whatever sends logs."""

from __future__ import annotations

from local_azure.arm_family import Family, TypeRow

DIAGNOSTIC_SETTINGS = "Microsoft.Insights/diagnosticSettings"

FAMILY = Family(
    types=(TypeRow(DIAGNOSTIC_SETTINGS, "monitor", "DiagnosticSetting", ("resourceUri", "name"), "extension"),),
    synchronous_put=frozenset({DIAGNOSTIC_SETTINGS}),
    synchronous_delete=frozenset({DIAGNOSTIC_SETTINGS}),
)
