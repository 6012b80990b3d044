"""What the assistant would have said: questions that agents answered, answered again with nobody watching."""
