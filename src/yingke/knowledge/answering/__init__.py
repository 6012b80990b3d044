"""Is the question answered by what was found? One calibrated probability, and each workspace's own line."""
