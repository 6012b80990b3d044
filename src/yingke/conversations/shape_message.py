"""The one place where a stored row becomes the message that visitors and agents see."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from yingke.kit.ids import show_id

LinkFile = Callable[[int, str], str]
"""(file id, name) → an address that opens the file for a short while; asked for AVATAR, one that lasts."""

AVATAR = "\0avatar"
"""In place of a name that no file can have: the picture of an agent, which everybody may see."""

COLUMNS = (
    "m.id, m.conversation_id, m.seq, m.author, m.sender_id, m.kind, m.type, m.text, m.payload, m.client_message_id,"
    " m.generated_by, m.citations, m.degraded_level, m.trace_id, m.answers_through_seq, m.recalled_at, m.created_at"
)
"""What a query must select from `messages m` for the two functions below; `feedback` may be added."""

_FOR_VISITORS = ("code", "agent", "opens_at", "by")
_CITED_FOR_VISITORS = ("n", "title", "heading", "quote")


def shape_for_agent(row: Mapping[str, Any], link: LinkFile) -> dict[str, Any]:
    """The whole message of the API. `row` has the columns of COLUMNS (a record or a dict)."""
    message = _shape(row, link)
    if row["type"] == "system":
        message["system"] = _shape_system(row["payload"], link)
    if row["generated_by"]:
        message["generated_by"] = row["generated_by"]
    if row["citations"]:
        message["citations"] = row["citations"]
    if row["trace_id"] is not None:
        message["trace_id"] = show_id(row["trace_id"])
    return message


def shape_for_visitor(row: Mapping[str, Any], link: LinkFile) -> dict[str, Any]:
    """The same without what only the staff may know: traces, document ids, reasons of a hand-off."""
    message = _shape(row, link)
    if row["type"] == "system":
        message["system"] = _only(_shape_system(row["payload"], link), _FOR_VISITORS)
    if row["generated_by"]:
        message["generated_by"] = _only(row["generated_by"], ("engine", "model"))
    if row["citations"]:
        message["citations"] = hide_documents(row["citations"])
    return message


def _only(values: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: values[key] for key in keys if values.get(key) is not None}


def hide_documents(citations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Citations as a customer may see them: what was quoted and from where, without inner ids."""
    return [_only(one, _CITED_FOR_VISITORS) for one in citations]


def _shape(row: Mapping[str, Any], link: LinkFile) -> dict[str, Any]:
    payload = row["payload"] or {}
    recalled_at = row.get("recalled_at")
    message: dict[str, Any] = {
        "id": show_id(row["id"]),
        "conversation_id": show_id(row["conversation_id"]),
        "seq": row["seq"],
        "from": row["author"],
        "kind": row["kind"],
        "type": row["type"],
        "created_at": row["created_at"],
        "delivery": {"state": "sent"},
    }
    if row["client_message_id"] is not None:
        message["client_message_id"] = row["client_message_id"]
    if recalled_at is not None:
        message["recalled_at"] = recalled_at
        return message
    if row["text"] is not None:
        message["text"] = row["text"]
    if payload.get("offers_person"):
        message["offers_person"] = True
    if "cards" in payload:
        message["cards"] = payload["cards"]
    if "file" in payload:
        message["file"] = shape_file(payload["file"], link)
    if row["author"] == "agent" and "agent" in payload:
        message["agent"] = shape_face(payload["agent"], link)
    if row.get("answers_through_seq") is not None:
        message["answers_through_seq"] = row["answers_through_seq"]
    if row["degraded_level"]:
        message["degraded_level"] = row["degraded_level"]
    feedback = row.get("feedback")
    if feedback is not None:
        message["feedback"] = feedback
    return message


def _shape_system(payload: Mapping[str, Any] | None, link: LinkFile) -> dict[str, Any]:
    system = dict(payload or {})
    if system.get("agent"):
        system["agent"] = shape_face(system["agent"], link)
    return system


def shape_file(file: Mapping[str, Any], link: LinkFile) -> dict[str, Any]:
    """`file` as kept in a payload: {id, name, media_type, size, width?, height?}; adds `url`."""
    shaped = {key: value for key, value in file.items() if value is not None}
    shaped["url"] = link(int(file["id"]), str(file["name"]))
    return shaped


def shape_face(face: Mapping[str, Any], link: LinkFile) -> dict[str, Any]:
    """How customers see an agent. `face` as kept in a payload: {id, work_name, avatar_file_id?}."""
    avatar = face.get("avatar_file_id")
    return {
        "id": str(face["id"]),
        "work_name": face["work_name"],
        "avatar_url": link(int(avatar), AVATAR) if avatar is not None else None,
    }
