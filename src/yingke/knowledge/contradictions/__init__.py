"""Where two pieces of knowledge say different things of the same matter, and which of them is right."""
