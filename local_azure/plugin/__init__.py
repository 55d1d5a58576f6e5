"""The bridge from the Pulumi engine to ARM: a resource provider that behaves on the wire as azure-native does."""
