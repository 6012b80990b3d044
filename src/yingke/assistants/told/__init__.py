"""What customers tell of themselves in free text: how they can be reached, who they are, where, and when to call."""
