"""The verbs of `./moorings`, one module each: arguments, output and exit codes. The work is done by other packages.

A module imports these packages when its verb runs, so that help and completion load only the parser.
"""
