"""The verbs of `./moorings`, one module each: arguments, output and exit codes. Other packages contain the implementation.

A module imports them when its verb runs, so that help and completion load only the parser.
"""
