"""What `yingke doctor` looks at, one file a subject; looking changes nothing."""
