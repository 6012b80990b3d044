"""What an assistant may do besides talking, one tool a file."""
