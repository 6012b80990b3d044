"""One file that holds a whole installation: what is in it, how it is written, checked and opened."""
