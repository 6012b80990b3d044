"""What customers tell of themselves."""
