"""The shape of a registry's event subscriptions: which events, of which repositories, and where they go."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from components.elsewhere import MadeElsewhere
from components.spec import Secret, Spec, is_insecure
from planning.problems import Path
from planning.registry_events import SUBSCRIPTION, Event
from planning.resource_ids import SITE, STORAGE_ACCOUNT

_DESTINATIONS = ("webhook", "function", "storage_queue")


class FunctionSpec(Spec):
    """A function of an app that exists, with its code: Event Grid refuses a function that is not there [EVENTGRID-3]."""

    function_app: Annotated[str, MadeElsewhere(SITE), Field(description="The function app.")]
    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,126}$", description="Name of the function.")]


class StorageQueueSpec(Spec):
    """A queue of a storage account, from which a worker takes the events."""

    account: Annotated[str, MadeElsewhere(STORAGE_ACCOUNT), Field(description="The storage account.")]
    queue: Annotated[
        str, Field(pattern=r"^[a-z0-9](-?[a-z0-9]){2,62}$", description="Name of the queue, which has to exist.")
    ]


class EventSubscriptionSpec(Spec):
    """One subscription to the events of the registry [ACR-EVENTS].

    Every replica sends an event of its own for one push. By default only those of the home region are handed on, so that a
    receiver sees each push once.
    """

    events: Annotated[list[Event], Field(min_length=1, description="Which events are handed on.")] = ["ImagePushed"]
    repositories: Annotated[
        str, Field(description="Start of the names of repositories whose events are handed on. Default: all.")
    ] = ""
    every_replica: Annotated[
        bool,
        Field(description="Whether the event of every replica is handed on; the receiver then removes duplicates."),
    ] = False
    webhook: Annotated[
        Secret | None, Field(description="An https address that answers the validation of Event Grid. It is secret.")
    ] = None
    function: Annotated[FunctionSpec | None, Field(description="A function of an app made elsewhere.")] = None
    storage_queue: Annotated[StorageQueueSpec | None, Field(description="A queue of a storage account.")] = None

    def _problems(self) -> Iterator[tuple[Path, str]]:
        stated = [name for name in _DESTINATIONS if getattr(self, name) is not None]
        if len(stated) != 1:
            yield (), f"has {' and '.join(stated) or 'no destination'}; state one of {', '.join(_DESTINATIONS)}"
        if self.webhook is not None and is_insecure(self.webhook):
            yield ("webhook",), "is not an https address; the value is not shown, since it may hold a key [EVENTGRID-5]"


class RegistryEventsSpec(Spec):
    """The system topic of the registry, and its subscriptions."""

    subscriptions: Annotated[
        dict[str, EventSubscriptionSpec], Field(min_length=1, description="Event subscriptions by name.")
    ]

    def _problems(self) -> Iterator[tuple[Path, str]]:
        for key in self.subscriptions:
            problem = SUBSCRIPTION.problem(key)
            if problem:
                yield ("subscriptions", key), problem
