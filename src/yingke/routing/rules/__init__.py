"""When a person takes over by rule: written by the merchant, tried on the past, explained in a sentence."""
