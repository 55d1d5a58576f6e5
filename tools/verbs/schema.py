"""`./moorings schema`."""

from __future__ import annotations

from tools.verbs.arguments import Verify
from tools.verbs.command import verb
from tools.verbs.refusals import RefusedError


@verb("./moorings schema", "./moorings schema --verify")
def schema(verify: Verify = False) -> None:
    """Write the schemas of stack files and of the Pulumi package.

    Editors read stacks/schema.json to complete and check stack files. Pulumi generates SDKs from package/schema.json.
    """
    from package import schema as package
    from stacks import schema as stack_files

    for shown, each in (("stacks/schema.json", stack_files), ("package/schema.json", package)):
        fresh, file = each.text(), each.FILE
        if not verify:
            file.write_text(fresh, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != fresh:
            raise RefusedError(f"{shown}: is out of date; run `./moorings schema`")
