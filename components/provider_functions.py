"""Functions of providers, called on the engine's resource monitor.

The SDK's own `invoke` runs on the event loop and ends the program if the function fails. A hook, and a question that may have
no answer, need a plain call that blocks and raises.
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto.resource_pb2 import ResourceInvokeRequest


def call(
    monitor: Any, token: str, arguments: Mapping[str, Any], *, provider: str = "", version: str = ""
) -> Mapping[str, Any]:
    """Call a function and return its result; blocks until the engine answers.

    Args:
        monitor: the resource monitor, `pulumi.runtime.settings.get_monitor`.
        token: the function, such as ``azure-native:network:getVirtualNetwork``.
        arguments: its arguments; those that are None are left out.
        provider: reference of the provider, ``URN::ID``; the default provider if empty.
        version: version of the default provider.

    Raises:
        RuntimeError: the provider refuses; the message is its reason.
    """
    request = ResourceInvokeRequest(tok=token, provider=provider, version=version)
    request.args.update({key: value for key, value in arguments.items() if value is not None})
    answer = monitor.Invoke(request)
    if answer.failures:
        raise RuntimeError(f"invoke of {token} failed: {answer.failures[0].reason}")
    return MessageToDict(getattr(answer, "return"))
