"""The sentences of the skills: as the product has them, in another tone, or as the merchant wrote them."""

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from yingke.assistants.skills.pieces.words import known_words
from yingke.kit.errors import bad_input

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("small_talk", ("thanks", "closing")),
    (
        "order",
        ("ask_number", "ask_number_again", "ask_tail", "wrong_try", "no_tries_left", "no_number", "which_order",
         "no_orders", "no_tail", "order_line", "order_paid", "arrival_open", "ask_carrier", "not_shipped", "parcel", "parcel_foreign", "parcel_quiet", "as_of", "shop_down"),
    ),
    (
        "after_sales",
        ("which_item", "confirm_return", "confirm_exchange", "confirm_refund", "confirm_repair", "confirm_cancel",
         "confirm_address", "ask_address", "sent_cancel", "sent_address", "redirected", "not_delivered", "cancel_instead",
         "which_request", "confirm_withdraw", "withdrawn", "kept", "nothing_to_withdraw", "too_late_to_withdraw",
         "nothing_pending", "asked_already", "which_change", "other_change", "partial_cancel", "no_request_yet", "done_done", "done_open", "done_waiting",
         "done_uncertain", "refused", "dropped"),
    ),
    (
        "complaint",
        ("sorry_missing", "sorry_broken", "sorry_wrong", "sorry_quality", "sorry_late", "sorry_not_received",
         "sorry_other", "complaint_what", "complaint_wish_again", "complaint_person", "complaint_closed",
         "picture_noted", "picture_helps", "just_noted", "offer_missing", "offer_broken", "offer_wrong",
         "offer_quality", "offer_chase", "offer_hurry", "offer_signed", "offer_late_signed", "noted_resend", "noted_chase", "noted_extra"),
    ),
    (
        "payment",
        ("invoice_first", "ask_invoice", "ask_tax_number", "wrong_tax_number", "ask_email", "confirm_invoice",
         "no_invoice_yet", "invoice_fix_person", "standing_waiting_approval", "standing_calling", "standing_open",
         "standing_done", "standing_refused", "standing_failed", "standing_uncertain", "standing_withdrawn",
         "order_state_is", "refund_way", "no_refund_yet", "paid_twice", "pay_failed_first", "pay_again",
         "paid_already", "presale_terms", "order_due", "order_paid_up"),
    ),
    (
        "pre_sales",
        ("found", "found_none", "look_at_too", "quote", "quote_member_later", "not_priced", "stock_yes", "stock_some",
         "stock_no",
         "stock_no_until", "stock_presale", "price_one", "price_from", "compare", "not_compared", "ships_today", "ships_later", "size_ask", "size_one", "size_two",
         "size_apart", "size_outside", "found_near", "found_by", "found_same", "found_short", "measure_fits", "measure_not",
         "found_cheaper", "found_cheapest", "found_by_price", "found_dearest", "found_no_more", "found_some", "found_gift",
         "found_starter", "stock_others", "ask_notice", "quote_next", "quote_assumed", "found_available", "price_gap", "offers", "no_gift", "bargain", "bulk_price",
         "assure_genuine", "assure_price", "other_shops", "no_sales_figures", "no_destination", "coupon_counts", "coupon_not", "enough",
         "not_enough"),
    ),
    ("own_tools", ("own_again", "own_down", "own_person", "own_sign_in", "own_dropped")),
    (
        "contact_taking",
        ("contact_ask_value", "contact_ask_no_answer", "contact_ask_bulk", "contact_ask_notify", "contact_ask_call",
         "contact_other_way", "contact_stop", "contact_why", "contact_go_on", "contact_taken", "contact_taken_plain",
         "contact_passed_on", "contact_known", "contact_known_plain", "contact_wrong_phone", "contact_wrong_email",
         "contact_wrong_again", "contact_next_name", "contact_next_city", "contact_next_budget",
         "contact_next_call_time", "contact_no_more", "contact_forgotten", "contact_left_alone", "contact_not_here",
         "contact_to_person", "contact_not_kept"),
    ),
)  # fmt: skip
"""Skill → the keys of words.toml that it speaks, in the order of a talk. `closing` is of the tone, and has no names."""


@cache
def tones() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Tone → key → language → wordings. A key that a tone lacks is said as always."""
    text = files("yingke.assistants.team_versions").joinpath("tones.toml").read_text("utf-8")
    return tomllib.loads(text)


def usual_wordings(key: str, tone: str, language: str) -> list[str]:
    """In that tone; empty for a closing that the tone does not have. Raises KeyError for an unknown key."""
    toned = tones().get(tone, {}).get(key)
    if toned is not None:
        return toned[language]
    return [] if key == "closing" else known_words()[key][language]


def known_sentence(key: str, language: str) -> str:
    """The first wording in the usual tone, or the key where nothing is usually said or the sentence is gone."""
    if key != "closing" and key not in known_words():
        return key
    return next(iter(usual_wordings(key, "friendly", language)), {"zh": "结束语", "en": "closing line"}[language])


def names_in(text: str) -> set[str]:
    """The names in braces. Raises ValueError for braces that do not match, and for anything but a plain name."""
    found = set()
    for _, name, how, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or how or conversion:
            raise ValueError(name)
        found.add(name)
    return found


def check_sentence(key: str, language: str, text: str) -> str:
    """Raises the 400 Problem when it is not a sentence of ours or does not hold exactly the names of the original."""
    field = f"sentences.{key}.{language}"
    if not any(key in keys for _, keys in GROUPS):
        raise bad_input({field: "没有这句话 / no such sentence"})
    if not text:
        return ""
    original = usual_wordings(key, "friendly", language)
    wanted = names_in(original[0]) if original else set()
    try:
        given = names_in(text)
    except ValueError as error:
        raise bad_input(
            {field: "花括号只能包住原句里的名称 / braces may only hold the names of the original"}
        ) from error
    if given != wanted:
        need = [f"{{{name}}}" for name in sorted(wanted)]
        zh, en = "、".join(need) or "不要花括号", ", ".join(need) or "no braces"
        raise bad_input({field: f"要保留这些占位：{zh} / keep these placeholders: {en}"})
    return text


def sentence_rows(tone: str) -> list[dict[str, Any]]:
    """Every sentence that may be replaced, with how it is said now."""
    return [
        {
            "key": key,
            "skill": skill,
            "zh": usual_wordings(key, tone, "zh"),
            "en": usual_wordings(key, tone, "en"),
            "names": sorted(names_in((usual_wordings(key, tone, "zh") or [""])[0])),
        }
        for skill, keys in GROUPS
        for key in keys
    ]
