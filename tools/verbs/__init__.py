"""The verbs of `./moorings`, a module each. What they do is done elsewhere; here is how they are asked and how they answer.

A module imports what does the work when its verb runs, so that help and completion cost no more than the parser.
"""
