"""What customers ask: read from conversations, sorted into clusters, measured against the knowledge, answered."""
