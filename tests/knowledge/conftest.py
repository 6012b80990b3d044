"""One encoder for the room's tests, a library over real files, and the room's door."""

from tests.door_of_rooms import room_outgoing, room_secrets, rooms
from tests.learning import learning

__all__ = ["learning", "room_outgoing", "room_secrets", "rooms"]
