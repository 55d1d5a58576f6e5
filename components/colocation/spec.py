"""The shape of co-location: regions that run containers without a replica of their own, each with its reason."""

from typing import Annotated

from pydantic import AfterValidator, Field

from components.spec import Region, Spec


def _reason(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty; state in a sentence why the region needs no replica [COLO-1]")
    return text.strip()


Reason = Annotated[str, AfterValidator(_reason)]


class ColocationSpec(Spec):
    """Every region with compute has a replica of the registry, or is listed here with a reason [COLO-1]."""

    exceptions: Annotated[
        dict[Region, Reason], Field(description="Region to the reason why it pulls from another region.")
    ] = {}
