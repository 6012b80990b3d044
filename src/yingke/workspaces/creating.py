"""What the creating routes of this room share: one result for one Idempotency-Key."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from litestar import Request, Response
from litestar.params import Parameter

from yingke.kit.db import Database, Transaction
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.secrets import Secrets
from yingke.workspaces.caller import Caller

T = TypeVar("T")

IdempotencyKey = Annotated[str | None, Parameter(header="Idempotency-Key", required=False)]


async def create_once(
    db: Database,
    caller: Caller,
    request: Request[Any, Any, Any],
    body: Any,
    shape: type[T],
    work: Callable[[Transaction], Awaitable[T]],
    *,
    seal: Secrets | None = None,
) -> Response[T]:
    """201 with the answer of `work`, or 200 with the one that an earlier request with this key got."""
    sending = Sending(
        workspace_id=caller.workspace_id,
        owner=caller.owner,
        key=request.headers.get("idempotency-key"),
        target=f"{request.method} {request.url.path}",
        body=body,
    )
    result = await run_once(db, sending, shape, work, seal=seal)
    return Response(result.answer, status_code=result.status)
