"""Every refusal leaves as problem+json with a sentence in the caller's language."""

import errno
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from yingke.kit.errors import Problem, bad_input

log = structlog.get_logger("errors")
MEDIA_TYPE = "application/problem+json"
_CODES = {
    400: ("bad_input", "请求内容有误。", "The request is not valid."),
    401: ("unauthorized", "请先登录。", "Please sign in."),
    403: ("forbidden", "您的权限不够。", "You may not do this."),
    404: ("not_found", "没有找到这一项。", "Not found."),
    405: ("method_not_allowed", "这个地址不支持这种操作。", "This address does not support that method."),
    413: (
        "too_big",
        "内容太大了，请拆分或压缩后再上传。",
        "This is too large. Split or compress it and send it again.",
    ),
    415: ("unsupported_media_type", "不支持这种内容类型。", "This content type is not supported."),
}


def language_of(headers: Any) -> str:
    """ "en" when the caller prefers English, otherwise Chinese."""
    accepted = headers.get("accept-language", "")
    first = accepted.split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "zh-CN"


def problem_body(problem: Problem, language: str) -> bytes:
    body: dict[str, Any] = {
        "type": "about:blank",
        "status": problem.status,
        "code": problem.code,
        "title": problem.code.replace("_", " "),
        "detail": problem.sentence(language),
    }
    if problem.fields:
        body["fields"] = problem.fields
    body.update(getattr(problem, "extra", {}))
    return msgspec.json.encode(body)


def problem_headers(problem: Problem) -> dict[str, str]:
    if problem.retry_after is None:
        return {}
    return {"Retry-After": str(max(1, round(problem.retry_after + 0.4)))}


def _answer(request: Request[Any, Any, Any], problem: Problem) -> Response[bytes]:
    return Response(
        problem_body(problem, language_of(request.headers)),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=problem_headers(problem),
    )


def _on_problem(request: Request[Any, Any, Any], error: Problem) -> Response[bytes]:
    return _answer(request, error)


def _on_validation(request: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    fields = {}
    extra = error.extra if isinstance(error.extra, list) else []
    for item in extra:
        if isinstance(item, dict):
            fields[str(item.get("key", "body"))] = str(item.get("message", "invalid"))[:200]
    return _answer(request, bad_input(fields or {"body": "not valid / 格式不对"}))


def _on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    code, zh, en = _CODES.get(error.status_code, ("error", "出了点问题。", "Something went wrong."))
    return _answer(request, Problem(error.status_code, code, zh, en))


def _on_anything(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    if isinstance(error, (msgspec.DecodeError, UnicodeError, RecursionError)):
        return _answer(request, bad_input({"body": "not valid JSON / 不是有效的 JSON"}))
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _answer(
            request,
            Problem(
                507, "disk_full", "服务器磁盘写不下了，没有保存。", "The server's disk took no more; nothing was saved."
            ),
        )
    log.exception("request failed", path=request.scope["path"], method=request.method)
    return _answer(
        request, Problem(500, "internal", "服务器出错了，请稍后再试。", "Something went wrong on our side. Try again.")
    )


HANDLERS: ExceptionHandlersMap = {
    Problem: _on_problem,
    ValidationException: _on_validation,
    HTTPException: _on_http,
    Exception: _on_anything,
}
