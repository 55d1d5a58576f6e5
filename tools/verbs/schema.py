"""`./moorings schema`."""

from __future__ import annotations

from tools.verbs.arguments import Verify
from tools.verbs.command import verb
from tools.verbs.refusals import RefusedError


@verb("./moorings schema", "./moorings schema --verify")
def schema(verify: Verify = False) -> None:
    """Write the JSON schema of stack files.

    Editors read stacks/schema.json to complete and check stack files.
    """
    from stacks import schema as schema_file

    fresh, file = schema_file.text(), schema_file.FILE
    if not verify:
        file.write_text(fresh, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != fresh:
        raise RefusedError("stacks/schema.json: is out of date; run `./moorings schema`")
