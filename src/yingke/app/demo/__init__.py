"""The invented shop that `yingke demo` fills in, so that nobody has to begin with empty screens."""
