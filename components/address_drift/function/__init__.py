"""The function app's own code: deployed unchanged, so it imports nothing of the toolkit.

events → what an event is about · zones → where its records go · reconcile and track → the logic, without Azure's SDK
clients · adapters → the clients · app → the triggers.
"""
