"""What a customer's message wants: one of fifteen intents."""
