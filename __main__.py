"""Provision one environment: what happens is in `stacks.program`, what is made in `components.platform`."""

from stacks.program import main

main()
