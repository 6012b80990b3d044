"""The answering rooms over HTTP for the line of a workspace."""

from tests.door_of_rooms import room_outgoing, room_secrets, rooms
from tests.learning import encoder, learning

__all__ = ["encoder", "learning", "room_outgoing", "room_secrets", "rooms"]
