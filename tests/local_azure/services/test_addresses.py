from __future__ import annotations

import tempfile
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_azure.clock import Clock
from local_azure.services import addresses, open_cloud
from local_azure.services.addresses import SubnetFullError
from local_azure.store import Resource, Store


def _subnet(prefix: str) -> Resource:
    return Resource(
        "/subnet", "Microsoft.Network/virtualNetworks/subnets", "s", "", {"properties": {"addressPrefix": prefix}}
    )


@pytest.mark.parametrize(("prefix", "room"), [("10.0.0.0/29", 3), ("10.0.0.0/28", 11), ("10.0.0.0/24", 251)])
def test_five_addresses_of_a_subnet_are_reserved(prefix: str, room: int) -> None:
    found = list(addresses.usable(_subnet(prefix)))
    assert len(found) == room
    assert str(ip_address(found[0])) == "10.0.0.4"


STEPS = st.lists(
    st.tuples(st.sampled_from(["take", "give", "give some"]), st.integers(0, 5), st.integers(1, 9)), max_size=40
)


@settings(max_examples=60, deadline=None)
@given(size=st.integers(26, 29), steps=STEPS)
def test_addresses_never_overlap_exceed_the_subnet_or_get_lost(size: int, steps: list[tuple[str, int, int]]) -> None:
    subnet = _subnet(f"10.0.0.0/{size}")
    room = len(list(addresses.usable(subnet)))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        cloud = open_cloud(store, Clock())
        model: dict[str, set[str]] = {}
        created = 0
        for step, who, count in steps:
            owner = f"/endpoint{who}"
            have = model.setdefault(owner, set())
            if step == "take":
                names = [f"member{created + n}" for n in range(count)]
                created += count
                if sum(map(len, model.values())) + count > room:
                    with pytest.raises(SubnetFullError):
                        addresses.allocate(cloud, subnet, owner, names)
                else:
                    addresses.allocate(cloud, subnet, owner, names)
                    have |= set(names)
            elif step == "give":
                addresses.release(cloud, owner)
                have.clear()
            else:
                gone = sorted(have)[:count]
                addresses.release(cloud, owner, gone)
                have -= set(gone)
            held = {o: addresses.held(cloud, o) for o in model}
            assert {o: set(m) for o, m in held.items()} == model
            every = [a for m in held.values() for a in m.values()]
            assert len(set(every)) == len(every)
            assert all(ip_address(a) in ip_network(f"10.0.0.0/{size}") for a in every)
            assert addresses.free(cloud, subnet) == room - len(every)
        store.close()
