"""Set-up, the command `./moorings` the implementation of its verbs, and the fallback language host."""
