"""What a report looks like: on the console, in SARIF, JUnit, Markdown, GitHub annotations and JSON."""
