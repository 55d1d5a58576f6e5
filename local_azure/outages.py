"""Regions in which the registry service is down: a table of the store, which the server reads with every request.

The outage is one of Azure Container Registry. Other services of the region work on (chosen).
"""

from __future__ import annotations

from sqlite3 import Connection

SCHEMA = "CREATE TABLE IF NOT EXISTS outages (region TEXT PRIMARY KEY);\n"


def down(connection: Connection) -> frozenset[str]:
    """Return the regions that are down."""
    return frozenset(row[0] for row in connection.execute("SELECT region FROM outages"))


def begin(connection: Connection, region: str) -> None:
    """Let an outage begin in a region; one that is down stays down."""
    connection.execute("INSERT OR IGNORE INTO outages (region) VALUES (?)", (region,))


def end(connection: Connection, region: str) -> None:
    """Let the outage of a region end; a region that is not down stays as it is."""
    connection.execute("DELETE FROM outages WHERE region = ?", (region,))
