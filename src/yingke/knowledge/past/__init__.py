"""Chats from before: brought in masked, counted, and turned into questions and proposals."""
