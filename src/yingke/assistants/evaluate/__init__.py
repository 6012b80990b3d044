"""Whole answers measured on questions whose right answer is known: runs, comparison, gate, figures."""
