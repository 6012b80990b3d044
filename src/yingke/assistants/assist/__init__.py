"""Help for desks that this program is not connected to: words in, an answer to copy out."""
