"""Set-up, the runner behind the Makefile, and the language host of last resort."""
