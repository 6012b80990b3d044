"""Errors that carry their HTTP status and a sentence a person understands, in Chinese and English."""

from collections.abc import Mapping

from yingke.kit.tongues.tongue import phrase_in


class Problem(Exception):
    """A refusal. `code` is stable for programs; `zh` and `en` say what happened and what to do.

    Refused means not stored. Subclass where code must tell refusals apart; raise with a status otherwise.
    """

    def __init__(
        self,
        status: int,
        code: str,
        zh: str,
        en: str,
        *,
        fields: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.zh = zh
        self.en = en
        self.fields = dict(fields or {})
        self.retry_after = retry_after

    def sentence(self, language: str) -> str:
        """The sentence in the caller's language; `language` is a tag such as "zh-CN" or "en"."""
        return self.en if language.lower().startswith("en") else self.zh

    def spoken(self, language: str) -> str:
        """What a customer is told, who may speak any language: English where the house does not know his."""
        return self.zh if language.lower().startswith("zh") else phrase_in(self.en, language)


def not_found() -> Problem:
    """404, also for an id that belongs to another workspace."""
    return Problem(404, "not_found", "没有找到这一项，它可能已被删除。", "Not found. It may have been deleted.")


def forbidden() -> Problem:
    return Problem(403, "forbidden", "您的权限不够，请联系管理员。", "You may not do this. Ask an admin.")


def unauthorized() -> Problem:
    return Problem(401, "unauthorized", "登录已失效，请重新登录。", "Please sign in again.")


def bad_input(fields: Mapping[str, str], code: str = "bad_input") -> Problem:
    """400 with one English/Chinese reason per field."""
    return Problem(
        400, code, "有内容填得不对，请看标出的地方。", "Some input is not valid; see the fields.", fields=fields
    )


def conflict(code: str, zh: str, en: str) -> Problem:
    return Problem(409, code, zh, en)


def busy(retry_after: float = 1.0) -> Problem:
    """503: nothing was stored; try again after `retry_after` seconds."""
    return Problem(503, "busy", "系统正忙，请稍后再试。", "Busy right now. Try again shortly.", retry_after=retry_after)


def too_many(retry_after: float = 1.0) -> Problem:
    """429: nothing was stored; slow down and try again after `retry_after` seconds."""
    return Problem(
        429, "too_many", "操作太快了，请稍后再试。", "Too many requests. Slow down.", retry_after=retry_after
    )
