"""A small Python language host for the Pulumi engine, used only where the official one is absent.

It speaks the engine's `LanguageRuntime` protocol: it says which interpreter runs a program, which provider packages the
program's environment holds, and it runs programs and policy packs as child processes. What runs *inside* the program's
process is the official `pulumi-language-python-exec`, taken from the engine's own source on the machine at hand.
"""
