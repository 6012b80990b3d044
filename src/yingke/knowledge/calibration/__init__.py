"""Each workspace's own line between answering and not answering, drawn on its golden questions."""
