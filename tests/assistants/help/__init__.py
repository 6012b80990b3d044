"""How customers feel, and what follows."""
