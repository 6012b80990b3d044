"""Tells the sockets what a verb changed; verbs themselves only touch the database."""

from yingke.conversations.locked import Change
from yingke.conversations.shape_message import LinkFile, shape_face
from yingke.kit.db import after_commit
from yingke.kit.ids import show_id
from yingke.kit.live import Frame, Hub


def announce(hub: Hub, change: Change | None, link: LinkFile) -> None:
    """To be called inside the verb's transaction; the hints leave after COMMIT and may be lost without harm."""
    if change is None or not change.is_new:
        return
    frame: Frame = {
        "type": "handled_by",
        "conversation_id": show_id(change.conversation_id),
        "handled_by": change.handled_by,
    }
    if change.handled_by == "agent" and change.face is not None:
        frame["agent"] = shape_face(change.face, link)
    after_commit(lambda: hub.hint(change.conversation_id))
    after_commit(lambda: hub.signal(change.conversation_id, frame))
