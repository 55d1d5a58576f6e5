"""Pure arithmetic and tables: what Azure would refuse late is decided here, before any resource is registered.

Nothing in this package imports Pulumi or does input/output: every function takes plain values and returns plain values,
so that it runs in a unit test, in a policy and in a preview alike.
"""
