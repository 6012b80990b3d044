"""What a workspace takes from the packs: which of them, in which shops, and which words otherwise."""

from yingke.conversations.guarding.load_words import raise_version
from yingke.conversations.guarding.pack_file import Pack, packs
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found


def get_pack(key: str) -> Pack:
    """Raises 404."""
    found = packs().get(key)
    if found is None:
        raise not_found()
    return found


async def choose_pack(tx: Transaction, workspace_id: int, key: str, is_on: bool, shop_ids: list[int]) -> None:
    """`shop_ids` empty: in every shop. Raises 404 for a pack or a shop that does not exist."""
    get_pack(key)
    known = await tx.fetchval(
        "select count(*) from shops where workspace_id = $1 and id = any($2)", workspace_id, shop_ids
    )
    if known != len(set(shop_ids)):
        raise not_found()
    await tx.execute(
        "insert into guard_packs (workspace_id, pack, is_on, shop_ids) values ($1, $2, $3, $4)"
        " on conflict (workspace_id, pack) do update set is_on = excluded.is_on, shop_ids = excluded.shop_ids",
        workspace_id,
        key,
        is_on,
        sorted(set(shop_ids)),
    )
    await raise_version(tx, workspace_id)


async def switch_word(tx: Transaction, workspace_id: int, entry: str, level: str | None, agent_id: int | None) -> None:
    """Another level for one word of a pack, or off; None = as the pack says. Raises 404, 400."""
    pack = get_pack(entry.partition("/")[0])
    found = next((word for word in pack.words if word.entry == entry), None)
    if found is None:
        raise not_found()
    if level == "rewrite" and not found.parts:
        raise bad_input(
            {"level": "听出来的没有可替换的词，只能提醒或拦下 / what is heard can be warned of or blocked only"}
        )
    if level is None:
        await tx.execute("delete from guard_switches where workspace_id = $1 and entry = $2", workspace_id, entry)
    elif level in ("off", "warn", "rewrite", "block"):
        await tx.execute(
            "insert into guard_switches (workspace_id, entry, level, changed_by) values ($1, $2, $3, $4)"
            " on conflict (workspace_id, entry) do update set level = excluded.level, changed_by = excluded.changed_by,"
            " changed_at = now()",
            workspace_id,
            entry,
            level,
            agent_id,
        )
    else:
        raise bad_input({"level": "off、warn、rewrite 或 block / off, warn, rewrite or block"})
    await raise_version(tx, workspace_id)
