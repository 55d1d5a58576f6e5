"""The pull-request check: what a branch would do, rehearsed on a local Azure in the state that it will meet."""
