"""Microsoft.Insights: diagnostic settings, which extend whatever sends logs."""

from __future__ import annotations

from local_azure.arm_family import Family, Marks, TypeRow

DIAGNOSTIC_SETTINGS = "Microsoft.Insights/diagnosticSettings"

FAMILY = Family(
    types=(TypeRow(DIAGNOSTIC_SETTINGS, "monitor", "DiagnosticSetting", ("resourceUri", "name"), "extension"),),
    marks={
        DIAGNOSTIC_SETTINGS: Marks(
            "monitor/resource-manager/Microsoft.Insights/preview/2021-05-01-preview/diagnosticsSettings_API.json"
        )
    },
    synchronous_put=frozenset({DIAGNOSTIC_SETTINGS}),
    synchronous_delete=frozenset({DIAGNOSTIC_SETTINGS}),
)
