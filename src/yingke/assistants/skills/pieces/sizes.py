"""「175 穿什么码」: the row of the shop's size table, with what is there of that size."""

import re
from typing import Any

from yingke.assistants.goods.aspects import aspects_of
from yingke.assistants.skills.pieces.body import Body, read_body
from yingke.assistants.skills.pieces.choose_size import Chosen, choose_size
from yingke.assistants.skills.pieces.focus import goods_in_focus, speak_of
from yingke.assistants.skills.pieces.product_words import size_in, stock_line
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.commerce.finding.need import read_need
from yingke.commerce.words.own_words import as_kept
from yingke.kit.expression import expression
from yingke.kit.recently import recently

ASKS_SIZE = expression(
    r"(?:选|穿|拿|买|要)\s*[smlx]+\s*码?\s*(?:还是|或者?)\s*[smlx]+|(?:什么|啥|多大|哪个|几|选|穿|买|拿|要|对应)[^，。？?]{0,3}(?:码|号)(?!数?据)|(?:码|号)(?:合适|可以|能穿|够)|尺码(?:表|怎么|推荐|建议)?|码数|选码|[穿拿选]多大|要拿?多大(?:码|号|的|$)|多大(?:的)?(?:合适|能穿)|穿[smlx]{1,3}码?(?:会不会|行不行|合不合适|可以|会|够)|能穿(?:吗|么|不|得下)|穿得下|穿(?:合适|可以)吗"
    r"|\b(?:what|which) (?:\w+ )?size\b|\bsize (?:should|do|would|fits?|chart|guide)\b|\b(?:will|would|does) it fit\b|\bfits?\b",
    re.IGNORECASE,
)
_A_DAY, _WORN = expression(r"[几多]少?号"), expression(r"码|穿|尺|身高|体重")
_CLOTHES = (
    "t:外套",
    "t:羽绒服",
    "t:抓绒",
    "t:上衣",
    "t:衬衫",
    "t:毛衣",
    "t:卫衣",
    "t:裤",
    "t:牛仔裤",
    "t:短裤",
    "t:裙",
    "t:连衣裙",
    "t:内衣",
    "t:鞋",
    "t:靴",
    "t:雨衣",
    "t:大衣",
    "t:风衣",
    "t:马甲",
    "t:西装",
    "t:睡衣",
    "t:打底裤",
    "t:秋衣",
    "t:泳衣",
    "t:polo衫",
    "t:运动鞋",
)
_OF_THE_TABLE = expression(
    r"肩宽|衣长|胸围|腰围|袖长|裤长|偏大|偏小|缩水|正码|\bchest\b|\blength\b|\brun(?:s)? (?:small|large)\b", re.I
)
_FITS = expression(r"合适|能穿|穿得|穿上|穿|码|偏?[胖瘦紧松]|胸围|腰围|\bfit", re.I)
_BESIDE = re.compile(r"身高|体重|公斤|斤|kg|cm|厘米|公分|米|我|女|男|生|的|[\d\W]", re.I)
MOST_ASKED = 2


@recently
def asks_size(text: str) -> bool:
    """A size is asked for, not the figures of one that is named."""
    if _A_DAY.search(text) and not _WORN.search(text):
        return False
    return bool(ASKS_SIZE.search(text)) and not _OF_THE_TABLE.search(text)


def is_body_for(text: str, things: list[str]) -> bool:
    """「外套 165 90斤」: a garment with height and weight asks for a size."""
    body = read_body(text)
    if body.height is None or body.weight is None:
        return False
    is_all = not _BESIDE.sub("", text)
    return is_all or any(one in _CLOTHES or as_kept(one) != one for one in things) or bool(_FITS.search(text))


async def show_table(work: Work, request: Request) -> Served:
    """All rows, as the shop has them."""
    table = await work.belt.run("size_table", {"words": request.search})
    if table.problem is not None:
        return Served(None)
    rows = table.data["rows"]
    lines = [" ".join(row["text"].split()) if work.is_chinese else _in_figures(work, row) for row in rows]
    last = Chosen("one", (rows[0],))
    said = "\n".join([*lines, work.say("size_ask")])
    work.talk.asked = "body"
    return Served(f"{said} [1]", citations=_citations(last, table.data["title"]))


def tells_body(work: Work, text: str) -> bool:
    """What was asked for: height or weight."""
    return work.talk.asked == "body" and bool(_heard(work, text))


async def find_size(work: Work, request: Request) -> Served:
    """Asks for height and weight once; without a table the knowledge answers."""
    talk = work.talk
    table = await work.belt.run("size_table", {"words": request.search})
    body = _heard(work, request.text)
    if table.problem is not None:
        talk.asked = None if talk.asked == "body" else talk.asked
        return Served(None)
    if not body:
        if talk.asked == "body" and talk.times_asked >= MOST_ASKED:
            talk.asked, talk.times_asked = None, 0
            return Served(None)
        talk.times_asked = talk.times_asked + 1 if talk.asked == "body" else 1
        talk.asked = "body"
        return Served("\n".join([*_fit_of(work, request), work.say("size_ask")]))
    if talk.asked == "body":
        talk.asked, talk.times_asked = None, 0
    chosen = choose_size(table.data["rows"], body)
    if chosen is None:
        return Served(None)
    said = [_words(work, chosen, body)]
    if chosen.fit != "outside":
        said += await _stock(work, request, [row["size"] for row in chosen.rows])
    return Served(
        "\n".join(said), citations=_citations(chosen, table.data["title"]), offers_person=chosen.fit == "outside"
    )


def _fit_of(work: Work, request: Request) -> list[str]:
    """How the garment that is meant runs, where the shop writes it: 偏小，建议大一码."""
    if work.shelf is None or not work.is_chinese:
        return []
    named = work.shelf.named(request.text, read_need(request.text), work.belt.session.shop_id or None)
    goods = named if len(named) == 1 else goods_in_focus(work)[:1] if not named else []
    told = [line.whole for good in goods for line in good.lines if line.name and "fit" in aspects_of(line.name)]
    work.belt.facts += told
    return [f"{goods[0].title}：{'，'.join(told)}。"] if told else []


def _heard(work: Work, text: str) -> Body:
    """A bare number answers what was asked."""
    if body := read_body(text):
        return body
    match = re.search(r"(?<![\d.])(\d{2,3})(?![\d.])", text) if work.talk.asked == "body" else None
    return read_body(f"体重 {match[1]}") if match else Body()


def _words(work: Work, chosen: Chosen, body: Body) -> str:
    values = {"body": _say_body(work, body), "size": chosen.rows[0]["size"], "row": _row(work, chosen.rows[0], 1)}
    if chosen.fit in ("two", "apart"):
        values |= {"other": chosen.rows[1]["size"], "other_row": _row(work, chosen.rows[1], 2)}
    return work.say(f"size_{chosen.fit}", **values)


def _row(work: Work, row: dict[str, Any], mark: int) -> str:
    return f"{' '.join(row['text'].split()) if work.is_chinese else _in_figures(work, row)} [{mark}]"


def _in_figures(work: Work, row: dict[str, Any]) -> str:
    units = {"height": "cm", "weight": "kg"}
    told = [
        f"{work.word(f'body_{kind}', kind, kind)} {low:g}–{high:g} {units[kind]}"
        for kind, (low, high) in row["ranges"].items()
    ]
    return work.listed([work.word("size_of", "{size} 码", "size {size}").format(size=row["size"]), *told])


def _say_body(work: Work, body: Body) -> str:
    parts = []
    if body.height is not None:
        parts.append(f"身高 {body.height:g}cm" if work.is_chinese else f"{body.height:g} cm")
    if body.weight is not None:
        parts.append(f"体重 {body.weight:g}kg" if work.is_chinese else f"{body.weight:g} kg")
    return work.listed(parts)


async def _stock(work: Work, request: Request, sizes: list[str]) -> list[str]:
    """Of the garment that is meant: named here, or spoken of before; nothing where that is not clear."""
    said = []
    named = [token for token in read_need(request.search).tokens("t:") if token in _CLOTHES]
    for size in dict.fromkeys(sizes):
        arguments: dict[str, Any] = {"need": f"{request.search} {size} 码", "limit": 1, "live": True}
        if not named and work.talk.product_ids:
            arguments |= {"need": f"{size} 码", "product_id": work.talk.product_ids[0]}
        elif not named:
            arguments["need"] = f"{size} 码"
        found = await work.belt.run("find_products", arguments)
        products = found.data.get("products", [])
        of_size = (
            [one for one in products[0]["variants"] if size_in(str(one["title"])) == size.upper()] if products else []
        )
        if kept := of_size:
            speak_of(work, [products[0]["id"]])
            work.talk.variant = size
            said.append(stock_line(products[0] | {"variants": kept}, work))
    return said


def _citations(chosen: Chosen, title: str) -> list[dict[str, Any]]:
    return [
        {
            "n": place,
            "title": title,
            "heading": "",
            "quote": row["text"],
            "passage_id": row["passage_id"],
            "document_id": row["document_id"],
        }
        for place, row in enumerate(chosen.rows, 1)
    ]
