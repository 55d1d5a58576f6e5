"""`./moorings token`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tools.verbs.arguments import StackName
from tools.verbs.arm_access import locally, registry_hosts
from tools.verbs.command import verb
from tools.verbs.printing import show_json
from tools.verbs.refusals import RefusedError

if TYPE_CHECKING:
    from tools.preflight.arm import Arm

Password = Literal["password1", "password2"]


@verb(
    "./moorings token prod edge-site --namespace web | kubectl apply -f -",
    "./moorings token prod edge-site --password password2 --days 30 | kubectl apply -f -",
)
def token(
    stack: StackName,
    name: Annotated[str, typer.Argument(metavar="TOKEN", help="Name of the token, in registry.tokens.")],
    password: Annotated[
        Password, typer.Option(help="The password to generate; the other one stays valid.")
    ] = "password1",
    days: Annotated[int, typer.Option(min=1, max=365, help="Days until the password expires.")] = 90,
    namespace: Annotated[str, typer.Option(help="Namespace of the Kubernetes secret.")] = "default",
    secret_name: Annotated[
        str, typer.Option(help="Name of the Kubernetes secret. Default: the name of the token.")
    ] = "",
    login_server: Annotated[
        str | None, typer.Option(help="Login server of a registry whose host names have a hash.")
    ] = None,
    subscription: Annotated[
        str,
        typer.Option(envvar=["ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"], help="The subscription of the registry."),
    ] = "",
    local: Annotated[bool, typer.Option("--local", help="Use the local Azure of this project instead.")] = False,
) -> None:
    """Print a pull secret with a new password of a token.

    The secret is for Kubernetes and has one entry for each host of the registry: the global host, and the regional hosts if
    these are enabled. It is printed to a pipe only, so that no terminal, log or file of this project contains the password.
    Generating password1 invalidates its former value: to rotate without interruption, generate password2 first, and password1
    after all clients use it.
    """
    from local_azure.plugin.sessions import DEFAULT_SUBSCRIPTION
    from stacks.loader import Session, load
    from tools.preflight.arm import DeniedError, MissingError, UnreachableError, azure
    from tools.token_credentials import generate, pull_secret

    if sys.stdout.isatty():
        raise RefusedError("the secret is not printed to a terminal; pipe it: … | kubectl apply -f -")
    target = DEFAULT_SUBSCRIPTION if local else subscription
    if not target:
        raise RefusedError("no subscription: state --subscription or set ARM_SUBSCRIPTION_ID, or use --local")
    described = load(stack, session=Session(None, lambda: target))
    registry = described.spec.registry
    if registry is None or name not in registry.tokens:
        raise RefusedError(f"registry.tokens of stack {stack} has no {name}")
    hosts = registry_hosts(described, login_server)
    site = described.plan.sites["registry",]
    group = f"/subscriptions/{target}/resourceGroups/{site.group.name}"
    registry_id = f"{group}/providers/Microsoft.ContainerRegistry/registries/{site.name}"

    def generated(arm: Arm) -> str:
        return generate(arm, registry_id, name, password, days)

    try:
        value = locally(generated) if local else generated(azure(target))
    except MissingError:
        raise RefusedError(f"the registry does not exist; run `pulumi up` on stack {stack} first") from None
    except DeniedError as error:
        raise RefusedError(f"you are missing the permission {error.permission}") from None
    except UnreachableError as error:
        raise RefusedError(str(error)) from None

    every = (hosts.global_, *hosts.regional.values()) if hosts else ()
    show_json(pull_secret(secret_name or name.lower(), namespace, every, name, value))
