"""A small Python language host for the Pulumi engine, used only if the official one is not available.

It implements the engine's `LanguageRuntime` protocol: it reports the interpreter of a program and the provider packages in
its environment, and runs programs and policy packs as child processes. *Inside* the program's process, the official
`pulumi-language-python-exec` from the engine's source runs.
"""
