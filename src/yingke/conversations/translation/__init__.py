"""Both directions of a talk in the language of the agents, beside the original and never instead of it."""
