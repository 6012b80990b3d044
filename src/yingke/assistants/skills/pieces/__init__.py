"""What the skills share."""
