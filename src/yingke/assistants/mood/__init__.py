"""How a customer feels: one of five moods a message, and how content a whole conversation leaves him."""
