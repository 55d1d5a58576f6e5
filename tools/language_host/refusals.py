"""Refuses the calls that this host does not support, mainly code generation, with a one-line remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import grpc

_ADVICE = (
    "this language host runs Python programs and generates no code; "
    "install the Pulumi CLI, whose own language host does, and run `make setup` again"
)
REFUSED: Mapping[str, str] = {
    "GenerateProgram": "the code of the program was not generated (an imported resource is in the state; "
    f"--generate-code=false imports without code): {_ADVICE}",
    "GenerateProject": f"the project was not generated: {_ADVICE}",
    "GeneratePackage": f"the SDK was not generated: {_ADVICE}",
    "Pack": f"the SDK was not packed: {_ADVICE}",
    "Link": f"the SDK was not added to the project: {_ADVICE}",
    "RuntimeOptionsPrompts": "this language host has no options",
    "Template": "this language host supports no templates",
}
"""Method of the protocol → error message. The CLI works without the last two."""


def refusal(method: str) -> Callable[[Any, grpc.ServicerContext], Any]:
    """Return a handler that refuses a method as unimplemented."""

    def refuse(_request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, REFUSED[method])

    return refuse
