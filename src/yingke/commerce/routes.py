"""Every HTTP route of this room, in one list for the application."""

from typing import Any

ROUTES: list[Any] = []
