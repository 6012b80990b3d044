"""Stand-ins for services of others that speak their real protocol."""
