"""What one version does otherwise than another, in words."""

from yingke.assistants.team_versions.config import SKILLS, TOOLS, TeamConfig
from yingke.assistants.team_versions.sentences import known_sentence

TONES = {"friendly": ("亲切", "friendly"), "formal": ("正式", "formal"), "lively": ("活泼", "lively")}
LONGEST = 40
LONGEST_USUAL = 14


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
    names = {one.name: (one.name, one.name) for one in TOOLS}
    said += _switched("工具", "Tool", names, before.tools_off, after.tools_off)
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
