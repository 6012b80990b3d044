"""The embedded PostgreSQL: found, initialised, run as our child process, and kept running."""
