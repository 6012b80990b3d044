"""The answering rooms over HTTP for the line of a workspace."""

from tests.door_of_rooms import room_outgoing, room_secrets, rooms
from tests.learning import learning

__all__ = ["learning", "room_outgoing", "room_secrets", "rooms"]
