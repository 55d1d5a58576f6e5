"""Hand-kept facts about ARM types that the installed SDK does not state: those of every provider in `facts`, in one.

One row in the `types` of a provider's family adds a type. The other members of a family correct what introspection
cannot see (`arm_family.Family`).
"""

from __future__ import annotations

import functools
import operator

from local_azure.facts import FAMILIES

FACTS = functools.reduce(operator.or_, FAMILIES)

# Members that stay outside `properties` when a container is flattened away [SDK-FLATTEN].
_ENVELOPE = frozenset({"id", "name", "type", "etag", "location", "tags", "zones", "identity", "extendedLocation"})
TOP_LEVEL_ROOT = _ENVELOPE | {"sku", "kind", "plan", "managedBy", "systemData"}
TOP_LEVEL_NESTED = _ENVELOPE | {"systemData"}

# Members that the service sets; a PUT may carry them and they are ignored [ARM-READONLY].
READ_ONLY_ANYWHERE = frozenset({"etag", "provisioningState", "systemData", "azureApiVersion"})
