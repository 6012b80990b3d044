"""A talk in the language of the agents, and back."""
