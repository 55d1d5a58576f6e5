"""What this host cannot do: every call that generates code, answered with one line that says what can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import grpc

_ADVICE = (
    "this language host runs Python programs and generates no code; "
    "install the Pulumi CLI, whose own language host does, and run `make setup` again"
)
REFUSED: Mapping[str, str] = {
    "GenerateProgram": "the code of the program was not generated (an import is in the state all the same; "
    f"--generate-code=false asks for that alone): {_ADVICE}",
    "GenerateProject": f"the project was not generated: {_ADVICE}",
    "GeneratePackage": f"the SDK was not generated: {_ADVICE}",
    "Pack": f"the SDK was not packed: {_ADVICE}",
    "Link": f"the SDK was not added to the project: {_ADVICE}",
    "RuntimeOptionsPrompts": "this language host asks for no options",
    "Template": "this language host completes no templates",
}
"""Method of the protocol → the line with which it is refused. The CLI goes on without the last two."""


def refusal(method: str) -> Callable[[Any, grpc.ServicerContext], Any]:
    """Return a handler that refuses a method as unimplemented."""

    def refuse(_request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, REFUSED[method])

    return refuse
