"""Tools of a merchant's own: a system of his that the assistants may look something up in, over HTTP."""
