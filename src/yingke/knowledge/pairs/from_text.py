"""Pairs from prose: headings that ask or name a topic, and sentences with figures, dates and conditions."""

import re
from collections.abc import Iterator

from yingke.knowledge.fold import fold
from yingke.knowledge.pairs.draft import LONGEST_SHOWN_ANSWER, Draft, Language, Source, in_script_of, language_of
from yingke.knowledge.pairs.topics import Topic, topic_of_heading, topic_of_sentence, topics
from yingke.knowledge.split import sentences

PER_PASSAGE = 6
_LONGEST_TOPIC_ANSWER = 300
_LONGEST_SENTENCE_ANSWER = 220
_NUMBERING = re.compile(
    r"^\s*(?:\d+(?:\.\d+)+[.、]?|第?[一二三四五六七八九十百\d]{1,4}\s*[章节条、.．)）:：]|[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]+、)\s*"
)
_ASKS = re.compile(
    r"^(?:如何|怎么|怎样|怎麼|为什么|為什麼|为何|什么|哪些|哪里|能否|是否|可以|可否|有没有|多久|多少|几点)|(?:吗|呢|嗎|么)$|[?？]$"
    r"|^(?:how|what|when|where|why|which|who|can|do|does|is|are|will|may|should)\b",
    re.IGNORECASE,
)
_RULE_HEADING = re.compile(r"(?:规则|政策|说明|流程|方式|标准|须知|条件|范围|步骤|要求|办法|規則|說明|方法)$")
# A sentence that leans on the one before it says nothing by itself, and completes that one.
_LEANS = re.compile(
    r"^(?:但|但是|不过|其余|其它|其他|如|若|如果|否则|另外|同时|并且|而且|此外|超过|之后|然后|注意|注[:：]|(?:however|otherwise|if|for all other|after that|in that case)\b)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\d|[一二两三四五六七八九十]+(?:天|小时|元|年|个月|折|次|件|倍)|不支持|不可|不能|可以|需|须|由.{1,8}(?:承担|负责)|支持|免费|包邮"
    r"|\b(?:free|not|cannot|within|must|only|accept|available|include)",
    re.IGNORECASE,
)


def pairs_of_text(source: Source) -> list[Draft]:
    """At most six. A topic is asked once a passage; what its heading asks comes first."""
    language = language_of(source.text)
    taken: set[str] = set()
    drafts = [*_of_heading(source, language, taken)]
    drafts += _of_sentences(source, language, taken)
    return drafts[:PER_PASSAGE]


def _of_heading(source: Source, language: Language, taken: set[str]) -> Iterator[Draft]:
    if not source.path:
        return
    heading = _NUMBERING.sub("", source.path[-1]).strip().strip(":：")
    answer = source.text.strip()
    if not heading or len(answer) > LONGEST_SHOWN_ANSWER:
        return
    topic = topic_of_heading(heading)
    if _ASKS.search(heading) and len(heading) <= 60:
        if topic is not None:
            taken.add(topic.name)
        yield _draft(source, (heading, *same_question(heading, language)), answer, answer, "rule:heading", language)
    elif topic is not None and _settles(topic, answer) and len(answer) <= _LONGEST_TOPIC_ANSWER:
        taken.add(topic.name)
        yield _draft(source, topic.questions(language, ""), answer, answer, f"rule:topic:{topic.name}", language)
    elif language == "zh" and _RULE_HEADING.search(heading) and 4 <= len(heading) <= 16:
        yield _draft(source, (f"{heading}是什么？", f"{heading}是怎样的"), answer, answer, "rule:heading", language)


def _settles(topic: Topic, answer: str) -> bool:
    return not topic.of_thing and (not topic.needs_figure or any(mark.isdigit() for mark in answer))


def _of_sentences(source: Source, language: Language, taken: set[str]) -> Iterator[Draft]:
    parts = sentences(source.text)
    thing = thing_of(source)
    for at, sentence in enumerate(parts):
        if len(sentence) < 6 or _LEANS.match(sentence) or not _TELLS.search(sentence):
            continue
        topic = topic_of_sentence(sentence)
        if topic is None or topic.name in taken:
            continue
        questions = topic.questions(language, thing)
        answer = _with_what_leans(parts, at, source.text)
        if not questions or len(answer) > _LONGEST_SENTENCE_ANSWER:
            continue
        taken.add(topic.name)
        yield _draft(source, questions, answer, answer, f"rule:sentence:{topic.name}", language)


def thing_of(source: Source) -> str:
    """What the passage is about, if a heading (or the title) names a thing: the innermost that is neither a topic, a
    rule nor a question. Empty otherwise."""
    for part in (*reversed(source.path), source.title):
        name = _NUMBERING.sub("", part).strip()
        if 2 <= len(name) <= 24 and not _ASKS.search(name) and topic_of_heading(name) is None:
            return "" if _RULE_HEADING.search(name) or _is_of_documents(name) else name
    return ""


def _is_of_documents(name: str) -> bool:
    return bool(
        re.search(r"说明书?$|手册|指南|常见问题|问答|文档|须知|资料|faq|manual|guide|policy|help", name, re.IGNORECASE)
    )


def _with_what_leans(parts: list[str], at: int, text: str) -> str:
    """The sentence and those that lean on it, word for word as they stand in `text`."""
    end = at + 1
    while end < len(parts) and _LEANS.match(parts[end]):
        end += 1
    start = text.find(parts[at])
    stop = text.find(parts[end - 1], start) + len(parts[end - 1])
    whole = text[start:stop] if start >= 0 and stop > start else parts[at]
    return whole if len(whole) <= _LONGEST_SENTENCE_ANSWER else parts[at]


def _draft(
    source: Source, questions: tuple[str, ...], answer: str, quote: str, maker: str, language: Language
) -> Draft:
    asked = in_script_of(source.text, questions) if language == "zh" else questions
    return Draft(tuple(dict.fromkeys(asked)), answer.strip(), quote, maker)


def same_question(question: str, language: Language) -> tuple[str, ...]:
    """Another phrasing of a question that is plainly a topic's own; nothing for any other question."""
    asked = _bare(question)
    for topic in topics():
        known = topic.questions(language, "")
        if len(known) > 1 and asked in {_bare(known[0]), _bare(known[1])}:
            return tuple(text for text in known[:2] if _bare(text) != asked)
    return ()


def _bare(question: str) -> str:
    return fold(question).rstrip("?？!！。. ")
