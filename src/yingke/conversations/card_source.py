"""Where the cards that an agent sends get their facts: this room knows nothing of products."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from yingke.kit.db import Transaction


class CardSource(ABC):
    @abstractmethod
    async def product_cards(
        self, tx: Transaction, workspace_id: int, conversation_id: int, product_ids: Sequence[int]
    ) -> list[dict[str, Any]]:
        """One `ProductCard` for each id, in that order, with price and stock of now, in the customer's language.

        Raises 400 for a product that is not sold in the conversation's shop.
        """
