"""What the command line starts, one file a group."""
