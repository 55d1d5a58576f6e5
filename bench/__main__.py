"""Run every benchmark: `python -m bench`."""

from bench import engine, ledger

ledger.main()
engine.main()
