"""Answers of a pair in further languages."""

import re

from yingke.kit.errors import bad_input
from yingke.kit.text import clean_text
from yingke.knowledge.qa_pairs import LONGEST_ANSWER

MOST_LANGUAGES = 20
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")


def check_answers(answers: dict[str, str]) -> dict[str, str]:
    """The same, trimmed; an empty text stays empty. Raises 400 naming the language."""
    if len(answers) > MOST_LANGUAGES:
        raise bad_input({"answers": f"at most {MOST_LANGUAGES} languages / 最多 {MOST_LANGUAGES} 种语言"})
    checked: dict[str, str] = {}
    for tag, text in answers.items():
        if not LANGUAGE_TAG.fullmatch(tag):
            raise bad_input({f"answers.{tag[:20]}": "a language tag such as en or zh-Hant / 语言代码，例如 en"})
        checked[tag] = clean_text(text, LONGEST_ANSWER, field=f"answers.{tag}").strip()
    return checked
