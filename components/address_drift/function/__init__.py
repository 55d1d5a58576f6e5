"""The function app's own code: deployed as it stands here, so it imports nothing of the toolkit.

events → what an event is about · zones → where its records go · reconcile and track → what is to be done, free of Azure's SDK
clients · adapters → the clients · app → the triggers.
"""
