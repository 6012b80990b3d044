"""How the assistants of a workspace work, kept as versions that can be tried, switched on and taken back."""
