"""Run every benchmark: `python -m bench`."""

from bench import engine, ledger, policies, reach

ledger.main()
reach.main()
engine.main()
policies.main()
