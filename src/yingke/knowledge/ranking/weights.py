"""How much each kind of nearness counts in a first score, in memory and among the candidates of a large workspace."""

OF_PAIR = (0.62, 0.05, 0.23, 0.05)
OF_PASSAGE = (0.54, 0.10, 0.60, 0.19)
"""Meaning, words, characters, concepts. A stored question says itself what it asks; rows and prose need the concepts to
be met half way, and their many characters tell less than pairs of them."""
PAIR_OF_CHARACTERS = 0.3
"""What a pair counts against a single character."""
