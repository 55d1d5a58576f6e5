"""A local Azure in this process for every test that asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import Arm, Clients

from local_azure.clock import Clock
from local_azure.http import Server, create_app
from local_azure.services import open_cloud
from local_azure.services.settings import Settings
from local_azure.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class _Stage:
    """The application that one server of the whole session shows: the cloud of the running test."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Iterator[tuple[_Stage, str]]:
    shown = _Stage()
    server = Server(shown)  # pyright: ignore[reportArgumentType] - any ASGI application will do
    stop = server.start_in_thread()
    yield shown, server.url
    stop()


@pytest.fixture
def start(tmp_path: Path, stage: tuple[_Stage, str]) -> Iterator[Callable[..., Arm]]:
    """Open a cloud on a store of its own and serve it: `start(clock, **settings)`; the last one started answers."""
    opened = []

    def begin(clock: Clock = Clock(), folder: Path | None = None, **settings: Any) -> Arm:  # noqa: B008 - frozen
        for store in opened:
            store.close()
        opened[:] = [Store(folder or tmp_path / "store", serve=True)]
        cloud = open_cloud(opened[0], clock, Settings(**settings))
        stage[0].app = create_app(cloud)
        return Arm(stage[1], tmp_path / "store", cloud)

    yield begin
    for store in opened:
        store.close()


@pytest.fixture
def arm(start: Callable[..., Arm]) -> Arm:
    """An immediate local Azure with a resource group `rg` in eastus."""
    created = start()
    created.group()
    return created


@pytest.fixture
def clients(arm: Arm) -> Clients:
    return Clients(arm.url)
