"""`./moorings preflight`."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Annotated

import typer

from tools.verbs.arguments import Json, StackName
from tools.verbs.arm_access import locally
from tools.verbs.command import verb
from tools.verbs.printing import show_json
from tools.verbs.refusals import RefusedError


@verb(
    "./moorings preflight prod --subscription 00000000-0000-0000-0000-000000000001",
    "./moorings preflight prod --json",
    "./moorings preflight prod --local",
)
def preflight(
    stack: StackName,
    subscription: Annotated[
        str,
        typer.Option(
            envvar=["ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"], help="The subscription that the stack deploys to."
        ),
    ] = "",
    local: Annotated[bool, typer.Option("--local", help="Read the local Azure of this project instead.")] = False,
    principal: Annotated[
        str, typer.Option("--as", metavar="OBJECT_ID", help="With --local: the caller. Default: the owner.")
    ] = "",
    json: Json = False,
) -> int:
    """Compare Azure with a stack before a deployment.

    Azure is only read. The checks cover the private endpoints of the registry in any subscription and the free addresses
    of their subnets, replicas, DNS records, stored content, the availability of names, resource providers, features, quotas,
    Kubernetes versions, and your permissions. A check that you are not authorized to read is undetermined, names the missing
    permission, and fails the verb. The credential is the one that azure-identity finds: `az login`, a pipeline's OIDC token,
    or a managed identity.
    """
    from local_azure.plugin.sessions import DEFAULT_SUBSCRIPTION
    from stacks.loader import Session, load
    from tools.preflight.arm import UnreachableError, azure
    from tools.preflight.findings import all_passed
    from tools.preflight.run import preflight as run

    target = DEFAULT_SUBSCRIPTION if local else subscription
    described = load(stack, session=Session(None, lambda: target) if target else None)
    if not target:
        raise RefusedError("no subscription: state --subscription or set ARM_SUBSCRIPTION_ID, or read --local")
    try:
        found = locally(partial(run, described), principal) if local else run(described, azure(subscription))
    except UnreachableError as error:
        raise RefusedError(str(error)) from None
    if json:
        show_json([each.as_dict() for each in found])
    else:
        for each in found:
            print(each.line())
        counts = Counter(each.verdict for each in found)
        print(", ".join(f"{counts[verdict]} {verdict}" for verdict in ("passed", "failed", "undetermined")))
    return int(not all_passed(found))
