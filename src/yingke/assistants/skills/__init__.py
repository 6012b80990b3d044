"""The kinds of request that the assistants can take on, one a file."""
