"""The shop's goods as the assistants have them at hand: what they are called, what is written of them, what is meant."""
