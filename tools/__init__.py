"""Set-up, the command `./moorings` and what runs behind it, and the language host of last resort."""
