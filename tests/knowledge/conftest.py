"""One encoder for the room's tests, and a library over real files."""

from tests.learning import encoder, learning

__all__ = ["encoder", "learning"]
