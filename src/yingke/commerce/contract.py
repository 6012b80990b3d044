"""What every shop offers, and the errors that say what a caller can do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Literal

from yingke.commerce.shapes import Action, ActionResult, Batch, Change, Order, Product, Shipment, Stock
from yingke.kit.errors import Problem

TIMEOUT_SECONDS = 5.0
Ability = Literal[
    "products", "stock", "orders", "track", "push",
    "return", "exchange", "refund", "repair", "cancel", "address", "invoice", "coupon",
]  # fmt: skip
Advice = Literal["retry", "refresh", "stop"]


class Provider(ABC):
    """One connected shop, or one carrier. Each call ends within TIMEOUT_SECONDS and is made outside any transaction.

    Whatever it calls may raise ShopDown, ShopRefused, ShopUnauthorised; what is not in `can` raises CannotByProgram.
    """

    name: ClassVar[str]
    can: frozenset[Ability]
    repeats_safely: bool = False
    """The platform itself does an action once for one idempotency key, so that an unclear one may be sent again."""

    async def list_products(self, since: datetime | None = None, cursor: str | None = None) -> Batch[Product]:
        """Changed since then, or all; taken-down ones come with `is_listed` False where the platform tells them."""
        raise CannotByProgram

    async def get_stock(self, skus: Sequence[str]) -> list[Stock]:
        """Live; unknown ones are left out."""
        raise CannotByProgram

    async def find_order(self, number: str) -> Order | None:
        """Live, by the number that the customer sees."""
        raise CannotByProgram

    async def list_orders(
        self, *, buyer: str | None = None, since: datetime | None = None, cursor: str | None = None
    ) -> Batch[Order]:
        """Of one buyer (the platform's id of him), or everything changed since then; the newest last."""
        raise CannotByProgram

    async def track(self, shipment: Shipment) -> Shipment:
        """The same parcel with its events, the oldest first, and `asked_at`."""
        raise CannotByProgram

    async def carry_out(self, action: Action, *, idempotency_key: str) -> ActionResult:
        """Do what a customer asked. Raises ShopDown with `may_have_happened` where nobody knows whether it was done."""
        raise CannotByProgram

    async def find_action(self, action: Action, *, idempotency_key: str) -> ActionResult | None:
        """What became of an action sent under this key; None: surely never done. CannotByProgram: cannot be asked."""
        raise CannotByProgram

    def read_push(self, headers: Mapping[str, str], body: bytes) -> list[Change]:
        """Pure. Raises PushRefused when the signature is wrong; header names in lower case, query parameters as "?name"."""
        raise CannotByProgram

    @abstractmethod
    async def check(self) -> str:
        """The shop's name as it calls itself: the test button."""


class Shops(ABC):
    """Opens the provider behind a connection of a workspace."""

    @abstractmethod
    async def open(self, workspace_id: int, connection_id: int) -> Provider:
        """Raises ShopUnauthorised when the connection is gone or its secret no longer works."""

    async def find_carrier(self, workspace_id: int) -> Provider | None:
        """A connected service that tracks parcels of every shop of the workspace, if there is one."""
        return None

    async def has_any(self, workspace_id: int) -> bool:
        """False where nothing was ever connected, so that nobody has to be asked; may be seconds late to say yes."""
        return True


class ShopError(Problem):
    """A call to a shop that gave no result. `cause` is a short code for the log, never a customer's words."""

    advice: ClassVar[Advice] = "stop"

    def __init__(self, status: int, code: str, zh: str, en: str, *, cause: str = "") -> None:
        super().__init__(status, code, zh, en)
        self.cause = cause


class ShopDown(ShopError):
    """Slow, unreachable, or too busy. `may_have_happened`: the request was sent and its answer never came."""

    advice = "retry"

    def __init__(self, cause: str, *, may_have_happened: bool = False, retry_after: float | None = None) -> None:
        super().__init__(
            503,
            "shop_down",
            "店铺系统暂时没有回应，请稍后再试。",
            "The shop does not answer. Try again shortly.",
            cause=cause,
        )
        self.may_have_happened = may_have_happened
        self.retry_after = retry_after


class ShopRefused(ShopError):
    """The shop said no. `words` is what it said, for the agent."""

    def __init__(self, words: str, *, cause: str = "") -> None:
        super().__init__(
            409, "shop_refused", f"店铺系统拒绝了：{words}", f"The shop refused: {words}", cause=cause or "refused"
        )
        self.words = words


class ShopUnauthorised(ShopError):
    """The connection's secret no longer works: refresh it or connect again."""

    advice = "refresh"

    def __init__(self, cause: str = "unauthorised") -> None:
        super().__init__(
            409,
            "shop_unauthorised",
            "店铺授权已失效，请重新连接。",
            "The shop's permission ended. Connect it again.",
            cause=cause,
        )


class CannotByProgram(ShopError):
    """This shop has no programmed way for it: a person does it there."""

    def __init__(self) -> None:
        super().__init__(
            409,
            "not_by_program",
            "这家店铺的系统不支持自动办理，需要人工处理。",
            "This shop cannot do that by program; a person does it.",
        )


class PushRefused(ShopError):
    """A push whose signature is missing, wrong or too old: nothing of it is read."""

    def __init__(self) -> None:
        super().__init__(401, "push_refused", "推送签名不对。", "The push is not signed by the shop.")
