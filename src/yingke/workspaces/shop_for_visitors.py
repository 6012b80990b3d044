"""What a visitor's browser may know of a shop: its words in one language, its look, whether anybody is there."""

from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.workspaces.hours import opening
from yingke.workspaces.shop_defaults import default_greeting, default_privacy

_SHOP = (
    "select s.id, s.name, s.languages, s.greeting, s.suggested_questions, s.privacy, s.look, s.hours, s.assistant,"
    " w.time_zone, w.is_demo, now() as now,"
    " exists (select 1 from agents a join agent_presence p on p.workspace_id = a.workspace_id and p.agent_id = a.id"
    "  where a.workspace_id = s.workspace_id and a.disabled_at is null and p.state in ('online', 'busy')"
    "  and p.last_seen > now() - interval '30 seconds'"
    "  and (s.all_agents or exists (select 1 from shop_agents x where x.workspace_id = s.workspace_id"
    "   and x.shop_id = s.id and x.agent_id = a.id))) as agents_online,"
    " (select m.filing_number from model_endpoints m where m.workspace_id = s.workspace_id and m.is_enabled"
    "  and m.filing_number <> '' order by m.id limit 1) as filing_number"
    " from shops s join workspaces w on w.id = s.workspace_id where s.id = $1 and s.archived_at is null"
)


async def shop_for_visitors(tx: Transaction, shop_id: int, language: str) -> dict[str, Any]:
    """{shop, assistant, greeting, suggested_questions, privacy, look, languages, language, hours, agents_online,
    model_notice, is_demo}. `language` falls back to one that the shop speaks. Raises 404.
    """
    row = await tx.fetchrow(_SHOP, shop_id)
    if row is None:
        raise not_found()
    languages: list[str] = list(row["languages"]) or ["zh-CN"]
    language = language if language in languages else languages[0]
    state = opening(row["hours"], row["time_zone"], row["now"])
    privacy = row["privacy"] or {}
    standard = default_privacy(row["name"])
    return {
        "shop": {"name": row["name"]},
        "assistant": _assistant(row["assistant"], row["name"]),
        "greeting": in_language(row["greeting"], language) or default_greeting(row["name"])[language],
        "suggested_questions": (row["suggested_questions"] or {}).get(language, []),
        "privacy": {
            "version": privacy.get("version") or standard["version"],
            "text": in_language(privacy.get("text"), language) or standard["text"][language],
            "url": privacy.get("url") or None,
        },
        "look": row["look"],
        "languages": languages,
        "language": language,
        "hours": {
            "is_open": state.is_open,
            "opens_at": state.opens_at.isoformat().replace("+00:00", "Z") if state.opens_at else None,
        },
        "agents_online": row["agents_online"],
        "model_notice": _model_notice(row["filing_number"], language),
        "is_demo": row["is_demo"],
    }


def in_language(words: dict[str, str] | None, language: str) -> str:
    """The text in `language`; "" where there is none, so that nobody is spoken to in the wrong language."""
    return (words or {}).get(language, "")


def _assistant(assistant: dict[str, Any] | None, shop_name: str) -> dict[str, Any] | None:
    """None when the assistant is switched off."""
    assistant = assistant or {}
    if not assistant.get("enabled", True):
        return None
    return {"name": assistant.get("name") or shop_name, "avatar_url": assistant.get("avatar") or None}


def _model_notice(filing_number: str | None, language: str) -> str | None:
    if not filing_number:
        return None
    if language == "en":
        return f"Registered generative AI service: {filing_number}"
    return f"生成式人工智能服务备案/登记号：{filing_number}"
