"""New stack files: the questions, the templates, and the check before anything is written."""
