"""Names and forms of secrets: one list for the stack file, the policies and all output.

Both lists are *chosen*: no service publishes one. They follow the names that Azure's own samples give to variables, and
the forms of connection strings and tokens that its services hand out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

_KEYS: Final = (
    "api|access|account|shared|primary|secondary|private|signing|encryption|master|storage|instrumentation|workspace|auth"
    "|client|function|host|service|admin|subscription|ssh|hmac|sas|event_?hub|service_?bus|cosmos(_?db)?|redis|openai"
)

SENSITIVE: Final = re.compile(
    rf"(?i)(password|passwd|passphrase|pwd|secret|token|credential|connection_?string|conn_?str|({_KEYS})[_-]?key"
    r"|(^|[_-])(pass|pat|sas)([_-]|$))"
)
"""Names of variables and properties that hold secrets."""

_DESCRIBES: Final = re.compile(
    r"((?i:[_-](url|uri|name|names|path|file|id|endpoint|expiry|expiration|type|ref|reference|policy|enabled|status|count"
    r"|length|lifetime|ttl|issuer|audience|algorithm|header|version|scopes?|limit|rotation|days|hours|minutes|seconds|mode"
    r"|provider|store|vault|stdin|from_?env))"
    r"|(?<=[a-z])(Url|Uri|Names?|Path|File|Id|Endpoint|Expiry|Expiration|Type|Ref|Reference|References|Policy|Enabled|Status"
    r"|Count|Length|Lifetime|Issuer|Audience|Algorithm|Header|Version|Provider|Store|Vault|Settings?|FromEnv|Identifier|Health"
    r"|InSeconds|InMinutes|InDays|InHours))$"
)
"""Endings of names that describe a secret instead of holding it, such as `TOKEN_ENDPOINT` and `secretRef`."""

_LIKE_A_SECRET: Final = re.compile(
    r"(?i)(\b(AccountKey|SharedAccessKey|SharedAccessSignature|InstrumentationKey|AccessKey|Password|Pwd)\s*=\s*[^;\s]"
    r"|[?&]sig=[^&\s]|[a-z][a-z0-9+.-]{0,30}://[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.|\bgh[pousr]_\w{30})"
)


_REFERS: Final = re.compile(r"(?i)@Microsoft\.KeyVault\(|\$\(|\$\{|(true|false)$")
"""Beginnings of values that name where a secret is, or that are none: a reference, another variable, a switch."""

_BETWEEN_WORDS: Final = re.compile(r"[\s;&|]+")


def is_sensitive(name: str) -> bool:
    """Return whether the name of a variable or property says that its value is a secret."""
    return bool(SENSITIVE.search(name)) and not _DESCRIBES.search(name)


def is_plain_secret(name: str, value: str) -> bool:
    """Return whether a variable holds a secret in clear: by its name, unless its value only refers to one, or by its form."""
    return bool(value) and (looks_secret(value) or (is_sensitive(name) and not _REFERS.match(value)))


def looks_secret(value: str) -> bool:
    """Return whether a text is of a form that only secrets have.

    These are connection strings with a key or password, URLs with one, signed URLs, private keys, JSON Web Tokens and
    GitHub's tokens.
    """
    return bool(_LIKE_A_SECRET.search(value))


def secrets_in_command(words: Sequence[str]) -> list[int]:
    """Return the positions of the words of a command line that hold a secret in clear.

    A word holds one as the value of an option (``--password=x``, or ``--password`` and then ``x``), of an assignment in a
    shell's script, or of a header (``Authorization: Bearer x``). A value that begins with ``$`` refers to a variable.
    """
    found: set[int] = {index for index, word in enumerate(words) if looks_secret(word)}
    expected = False
    for index, piece in _pieces(words):
        name, equals, value = piece.lstrip("-").partition("=")
        value = value.strip("\"'")
        told = expected and not piece.startswith(("-", "$"))
        if told or (equals and not value.startswith("$") and is_plain_secret(name, value)):
            found.add(index)
        option = piece.startswith("-") and not equals and is_sensitive(name)
        header = piece.endswith(":") and is_sensitive(piece[:-1])
        expected = option or header or piece.lower() == "bearer"
    return sorted(found)


def _pieces(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each piece of a command line with the position of its word; the text of a script has several in one word."""
    for index, word in enumerate(words):
        for piece in _BETWEEN_WORDS.split(word):
            bare = piece.strip("\"'")
            if bare:
                yield index, bare
