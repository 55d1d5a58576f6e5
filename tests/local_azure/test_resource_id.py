from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.errors import ArmError
from local_azure.resource_id import ResourceId, same

SUB = "/subscriptions/0000"
VNET = f"{SUB}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub"


def test_a_child_knows_its_type_names_and_parent() -> None:
    found = ResourceId.parse(f"{VNET}/subnets/a")
    assert found.type == "Microsoft.Network/virtualNetworks/subnets"
    assert (found.full_name, str(found.parent)) == ("hub/a", VNET)
    assert (found.subscription, found.resource_group) == ("0000", "rg")


def test_a_path_without_a_last_name_is_a_collection_of_its_parent() -> None:
    found = ResourceId.parse(f"{VNET}/subnets")
    assert (found.is_collection, str(found.parent)) == (True, VNET)


def test_an_extension_resource_keeps_the_scope_that_it_extends() -> None:
    found = ResourceId.parse(f"{VNET}/providers/Microsoft.Authorization/roleAssignments/x")
    assert (found.scope, found.type, found.parent) == (VNET, "Microsoft.Authorization/roleAssignments", None)


@pytest.mark.parametrize("path", [f"{SUB}/resourceGroups/rg", f"{SUB}/resourcegroups/rg"])
def test_a_group_is_addressed_without_a_provider(path: str) -> None:
    found = ResourceId.parse(path)
    assert (found.type, str(found)) == ("Microsoft.Resources/resourceGroups", f"{SUB}/resourceGroups/rg")


def test_what_is_no_resource_is_refused() -> None:
    with pytest.raises(ArmError) as refused:
        ResourceId.parse("/favicon.ico/x")
    assert refused.value.status == 404


def test_ids_compare_without_case() -> None:
    assert same(VNET, VNET.upper())
    assert ResourceId.parse(VNET).key == ResourceId.parse(VNET.upper()).key.lower()


WORD = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}", fullmatch=True).filter(lambda w: w.lower() != "providers")


@given(group=WORD, namespace=WORD, parts=st.lists(st.tuples(WORD, WORD), min_size=1, max_size=4))
def test_any_resource_id_reads_back_as_itself(group: str, namespace: str, parts: list[tuple[str, str]]) -> None:
    namespace = f"Test.{namespace}"
    path = f"{SUB}/resourceGroups/{group}/providers/{namespace}" + "".join(f"/{t}/{n}" for t, n in parts)
    found = ResourceId.parse(path)
    assert str(found) == path
    assert found.types == tuple(t for t, _ in parts)
