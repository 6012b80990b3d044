"""Questions whose right answer is known, and what has to happen when the knowledge changes."""
