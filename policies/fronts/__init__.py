"""Front ends of the engine: the Pulumi policy pack, saved states and previews, and pytest."""
