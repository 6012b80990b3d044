"""Cards where only text can be shown."""

from yingke.conversations.card_text import card_line

PRODUCT = {"kind": "product", "product_id": "1", "title": "两人三季帐", "price": "¥499.00", "in_stock": True}
ORDER = {
    "kind": "order",
    "number": "QX-D0001",
    "state": "shipped",
    "paid": "¥757.15",
    "items": [
        {"line": 1, "title": "两人三季帐", "variant": "苔绿", "quantity": 1},
        {"line": 2, "title": "棉睡袋 10℃", "variant": "", "quantity": 2},
    ],
}
PARCEL = {
    "kind": "parcel",
    "carrier": "演示快递",
    "tracking_number": "YS0000123456",
    "state": "out_for_delivery",
    "event": "派送中",
    "when": "11月22日 08:30",
}


def test_every_kind_of_card_is_one_line_in_both_languages() -> None:
    assert card_line(PRODUCT, is_english=False) == "[商品] 两人三季帐 · ¥499.00 · 有货"
    presale = {**PRODUCT, "presale_ships": "5 Dec", "url": "https://shop.example.com/t4"}
    assert card_line(presale, is_english=True) == (
        "[Product] 两人三季帐 · ¥499.00 · pre-sale, ships from 5 Dec · https://shop.example.com/t4"
    )
    assert card_line(ORDER, is_english=False) == (
        "[订单] QX-D0001 · 已发货 · 两人三季帐 苔绿 ×1、棉睡袋 10℃ ×2 · 实付 ¥757.15"
    )
    assert card_line(PARCEL, is_english=True) == (
        "[Parcel] 演示快递 · YS0000123456 · out for delivery · 11月22日 08:30 派送中"
    )


def test_a_kind_that_nobody_knows_is_left_out() -> None:
    assert card_line({"kind": "lead"}, is_english=False) == ""
