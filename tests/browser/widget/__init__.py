"""The widget against its own test server: real sockets, one shop in memory."""
