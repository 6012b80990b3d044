"""HTTP: danger topics and what is said at them."""

from litestar import get, put
from msgspec import Struct

from yingke.assistants.guarding.danger import TOPICS
from yingke.assistants.guarding.danger_words import HINTS, NAMES, SENTENCES
from yingke.conversations.guarding.load_words import raise_version
from yingke.conversations.shapes import Page
from yingke.kit.db import Database
from yingke.kit.errors import not_found
from yingke.kit.text import clean_line
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require, require_scope

READ = [require_scope("conversations:read")]
MANAGE = [require(role="admin")]
TAGS = ["guards"]
LONGEST = 300


class DangerView(Struct):
    """`sentence_*`: what is said at once; `hint_*`: where else there is help. `usual_*`: as the product words it."""

    topic: str
    name_zh: str
    name_en: str
    sentence_zh: str
    sentence_en: str
    hint_zh: str
    hint_en: str
    usual_zh: str
    usual_en: str
    is_changed: bool


class DangerWords(Struct):
    """An empty sentence: as the product words it. An empty hint: none."""

    sentence_zh: str = ""
    sentence_en: str = ""
    hint_zh: str = ""
    hint_en: str = ""


@get("/v1/guards/dangers", guards=READ, tags=TAGS)
async def get_dangers(db: Database, caller: Caller) -> Page[DangerView]:
    """The topics at which the assistant says one sentence and a person is called at once; they cannot be switched off."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await tx.fetch(
            "select topic, sentences, hint from danger_sentences where workspace_id = $1", caller.workspace_id
        )
    chosen = {row["topic"]: row for row in rows}
    return Page([_show(topic, *_chosen(chosen, topic)) for topic in TOPICS], None)


def _chosen(chosen: dict[str, dict[str, dict[str, str]]], topic: str) -> tuple[dict[str, str], dict[str, str] | None]:
    row = chosen.get(topic)
    return (row["sentences"], row["hint"]) if row is not None else ({}, None)


def _show(topic: str, sentences: dict[str, str], hint: dict[str, str] | None) -> DangerView:
    zh, en = SENTENCES[topic]
    hint_zh, hint_en = HINTS.get(topic, ("", ""))
    if hint is not None:
        hint_zh, hint_en = hint.get("zh", ""), hint.get("en", "")
    return DangerView(
        topic,
        *NAMES[topic],
        sentences.get("zh") or zh,
        sentences.get("en") or en,
        hint_zh,
        hint_en,
        zh,
        en,
        hint is not None,
    )


@put("/v1/guards/dangers/{topic:str}", guards=MANAGE, tags=TAGS)
async def put_danger(topic: str, data: DangerWords, db: Database, caller: Caller) -> DangerView:
    if topic not in TOPICS:
        raise not_found()
    sentences = {
        "zh": clean_line(data.sentence_zh, LONGEST, field="sentence_zh"),
        "en": clean_line(data.sentence_en, LONGEST, field="sentence_en"),
    }
    hint = {
        "zh": clean_line(data.hint_zh, LONGEST, field="hint_zh"),
        "en": clean_line(data.hint_en, LONGEST, field="hint_en"),
    }
    usual = SENTENCES[topic]
    sentences = {tag: "" if said == usual[tag == "en"] else said for tag, said in sentences.items()}
    async with db.transaction(caller.workspace_id) as tx:
        await tx.execute(
            "insert into danger_sentences (workspace_id, topic, sentences, hint) values ($1, $2, $3, $4)"
            " on conflict (workspace_id, topic) do update set sentences = excluded.sentences, hint = excluded.hint,"
            " changed_at = now()",
            caller.workspace_id,
            topic,
            sentences,
            hint,
        )
        await raise_version(tx, caller.workspace_id)
        await record_audit(tx, caller, "danger_words.changed", f"danger:{topic}")
    return _show(topic, sentences, hint)


ROUTES = [get_dangers, put_danger]
