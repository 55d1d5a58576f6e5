"""The generated schemas are up to date; `./moorings schema` writes them."""

from __future__ import annotations

import package.schema
import stacks.schema


def test_the_schema_of_stack_files_is_up_to_date() -> None:
    assert stacks.schema.FILE.read_text(encoding="utf-8") == stacks.schema.text()


def test_the_schema_of_the_package_is_up_to_date() -> None:
    assert package.schema.FILE.read_text(encoding="utf-8") == package.schema.text()
