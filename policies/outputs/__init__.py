"""Output formats of a report: console, SARIF, JUnit, Markdown, GitHub annotations and JSON."""
