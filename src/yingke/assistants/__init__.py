"""The AI team: understands, searches, answers, and hands over when it should not speak."""
