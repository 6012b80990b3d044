"""What one version does otherwise than another, in words."""

from collections.abc import Sequence

from yingke.assistants.team_versions.config import SKILLS, TOOLS, TeamConfig
from yingke.assistants.team_versions.sentences import known_sentence
from yingke.assistants.told.taking import ContactTaking

TONES = {"friendly": ("亲切", "friendly"), "formal": ("正式", "formal"), "lively": ("活泼", "lively")}
TOOL_NAMES = {
    "compare_products": ("对比商品", "compare products"),
    "current_offers": ("查优惠活动", "look up offers"),
    "find_coupons": ("查优惠券", "look up coupons"),
    "find_products": ("找商品", "find products"),
    "give_coupon": ("发优惠券", "give a coupon"),
    "known_contact": ("看联系方式", "see contact details"),
    "my_orders": ("列出订单", "list orders"),
    "my_requests": ("查申请进度", "look up requests"),
    "note_follow_up": ("记跟进事项", "note a follow-up"),
    "open_order": ("打开订单", "open an order"),
    "quote_price": ("算价格", "work out prices"),
    "request_change": ("提交售后和改单申请", "file requests for orders"),
    "shop_terms": ("查售后期限和运费", "look up terms and shipping fees"),
    "size_table": ("查尺码表", "look up the size table"),
    "take_contact": ("记联系方式", "keep contact details"),
    "track_order": ("查物流", "track parcels"),
    "withdraw_request": ("撤回申请", "withdraw a request"),
}
"""What each tool is called in a sentence; one that is missing here is told by what it is for."""
DETAILS = {
    "phone": ("手机号", "phone"),
    "wechat": ("微信", "WeChat"),
    "email": ("邮箱", "e-mail"),
    "name": ("称呼", "name"),
    "city": ("城市", "city"),
    "budget": ("预算", "budget"),
    "call_time": ("联系时间", "time to call"),
}
LONGEST = 40
LONGEST_USUAL = 14
MOST_LINES = 4


def differences(before: TeamConfig, after: TeamConfig) -> list[tuple[str, str]]:
    """(Chinese, English) lines; empty when both work alike."""
    said: list[tuple[str, str]] = []
    if before.tone != after.tone:
        was, now = TONES[before.tone], TONES[after.tone]
        said.append((f"语气由{was[0]}改为{now[0]}", f"Tone from {was[1]} to {now[1]}"))
    if before.comforts != after.comforts:
        said.append(
            ("开启安抚的话", "Words of comfort on") if after.comforts else ("关闭安抚的话", "Words of comfort off")
        )
    said += _switched("技能", "Skill", {one.name: one.says for one in SKILLS}, before.skills_off, after.skills_off)
    names = {one.name: TOOL_NAMES.get(one.name) or (_short(one.says[0]), _short(one.says[1])) for one in TOOLS}
    said += _switched("工具", "Tool", names, before.tools_off, after.tools_off)
    said += _contact(before.contact, after.contact)
    said += _instructed(before.instructions, after.instructions)
    for key in sorted(before.sentences.keys() | after.sentences.keys()):
        old, new = before.sentences.get(key), after.sentences.get(key)
        if old == new:
            continue
        zh, en = (_short(known_sentence(key, language), LONGEST_USUAL) for language in ("zh", "en"))
        if new is None:
            said.append((f"话术「{zh}」恢复默认", f"Sentence “{en}” as usual again"))
        else:
            said.append(
                (
                    f"话术「{zh}」改为「{_short(new.zh or new.en)}」",
                    f"Sentence “{en}” is now “{_short(new.en or new.zh)}”",
                )
            )
    return said


def _instructed(before: str, after: str) -> list[tuple[str, str]]:
    """Line by line: what a model is told now that it was not told before, and the other way round."""
    if before == after:
        return []
    if not after:
        return [("不再给模型说明", "The model is told nothing of the shop's own")]
    old, new = ([line.strip() for line in text.splitlines() if line.strip()] for text in (before, after))
    said = [
        (f"给模型的说明加上「{_short(one)}」", f"The model is told “{_short(one)}”") for one in new if one not in old
    ]
    said += [
        (f"给模型的说明去掉「{_short(one)}」", f"The model is no longer told “{_short(one)}”")
        for one in old
        if one not in new
    ]
    more = len(said) - MOST_LINES
    if more > 0:
        said = [
            *said[:MOST_LINES],
            (f"给模型的说明还有 {more} 处改动", f"{more} more changes in what the model is told"),
        ]
    return said or [("给模型的说明换了次序", "What the model is told stands in another order")]


def _contact(before: ContactTaking, after: ContactTaking) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    if before.ways != after.ways:
        zh, en = _listed(after.ways)
        said.append((f"联系方式依次问：{zh}", f"Contact details asked in this order: {en}"))
    if before.more != after.more:
        zh, en = _listed(after.more)
        said.append((f"留下联系方式后再问：{zh}", f"Asked once somebody can be reached: {en}"))
    if before.after_answers != after.after_answers:
        count = after.after_answers
        said.append(
            (f"答了 {count} 次后主动问一次联系方式", f"Asks for contact details once after {count} answers")
            if count
            else ("不再主动问联系方式", "No longer asks for contact details without an occasion")
        )
    return said


def _listed(kinds: Sequence[str]) -> tuple[str, str]:
    if not kinds:
        return "无", "nothing"
    names = [DETAILS[one] for one in kinds]
    return "、".join(zh for zh, _ in names), ", ".join(en for _, en in names)


def _switched(
    zh: str, en: str, names: dict[str, tuple[str, str]], before: list[str], after: list[str]
) -> list[tuple[str, str]]:
    off = sorted(set(after) - set(before))
    on = sorted(set(before) - set(after))
    lines = [(f"关闭{zh}「{_name(names, one)[0]}」", f"{en} “{_name(names, one)[1]}” off") for one in off]
    return lines + [(f"开启{zh}「{_name(names, one)[0]}」", f"{en} “{_name(names, one)[1]}” on") for one in on]


def _name(names: dict[str, tuple[str, str]], key: str) -> tuple[str, str]:
    return names.get(key, (key, key))


def _short(text: str, most: int = LONGEST) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"
