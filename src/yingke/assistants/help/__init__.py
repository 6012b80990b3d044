"""Help for the person who takes over: a summary, replies to choose from, what to do next, the assistants' tools."""
