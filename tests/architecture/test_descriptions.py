"""Every key of the stack file says what it means, in the editor that completes it."""

from components.spec import Spec
from stacks.descriptions import DESCRIPTIONS, description
from stacks.schema import schema
from stacks.spec import StackSpec
from tests.stacks.test_fields_are_read import name_of, specs

SECTIONS = sorted(specs(StackSpec, set()), key=name_of)


def stated(section: type[Spec], field: str) -> str | None:
    return section.model_fields[field].description or description(section.__module__, section.__name__, field)


def test_every_field_has_a_description() -> None:
    fields = [(section, field) for section in SECTIONS for field in section.model_fields]
    assert [(name_of(section), field) for section, field in fields if not stated(section, field)] == []


def test_the_texts_of_the_table_are_sentences() -> None:
    texts = [text for texts in DESCRIPTIONS.values() for text in texts.values()]
    assert [text for text in texts if not (text[0].isupper() or text[0] == "`") or not text.endswith(".")] == []


def test_every_property_of_a_section_has_it_in_the_schema() -> None:
    sections = [node for node in schema()["$defs"].values() if node.get("type") == "object"]
    assert len(sections) > 60
    lacking = {
        (node.get("title"), name)
        for node in sections
        for name, each in node.get("properties", {}).items()
        if "description" not in each
    }
    assert lacking == set()


def test_the_table_names_only_fields_without_a_description_of_their_own() -> None:
    known = {name_of(section): section.model_fields for section in SECTIONS}
    strange = [
        (section, field)
        for section, texts in DESCRIPTIONS.items()
        for field in texts
        if section not in known or field not in known[section] or known[section][field].description
    ]
    assert strange == []
