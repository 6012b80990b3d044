"""How shoppers and shops name the same things, in Chinese and English, cut into what is looked up."""
