"""The report on a stack: pictures and tables of its description, in one file that loads nothing."""
