"""What the sentence vector hears of claims and promises that no word of the packs names."""
