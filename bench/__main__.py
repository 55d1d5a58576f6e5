"""Run every benchmark: `python -m bench`."""

from bench import engine, ledger, policies

ledger.main()
engine.main()
policies.main()
