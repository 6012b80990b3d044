"""What an assistant must not say by itself: danger, promises without a source, leaks; one check on the way out."""
