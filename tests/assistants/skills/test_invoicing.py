"""Titles, tax numbers and addresses as people write them; a wrong check mark is found."""

import pytest

from yingke.assistants.skills.pieces.invoicing import is_tax_number, read_invoice


def test_the_check_mark_of_a_credit_code_is_reckoned() -> None:
    assert is_tax_number("91330106MA2GK0QX15")
    assert is_tax_number("91330106ma2gk0qx15")
    assert not is_tax_number("91330106MA2GK0QX16")
    assert not is_tax_number("91330106MA2GK0QS15"), "I, O, S, V and Z do not occur"
    assert is_tax_number("330106123456789"), "an older number of fifteen"
    assert not is_tax_number("12345")


@pytest.mark.parametrize(
    ("text", "is_title", "found"),
    [
        (
            "抬头：杭州青山科技有限公司 税号 91330106MA2GK0QX15",
            True,
            {"title": "杭州青山科技有限公司", "tax_number": "91330106MA2GK0QX15"},
        ),
        ("开发票，公司的，深圳市青山贸易有限公司", False, {"title": "深圳市青山贸易有限公司"}),
        ("个人 王小明 邮箱 wang@example.com", True, {"title": "王小明", "email": "wang@example.com"}),
        ("个人", True, {"title": "个人"}),
        ("抬头写错了，改成王晓明", False, {"title": "王晓明"}),
        ("Acme Trading Ltd.", True, {"title": "Acme Trading Ltd."}),
        ("我要开公司发票", False, {}),
        ("没有税号", True, {}),
        ("税号 91330106MA2GK0QX16", False, {"wrong_number": "91330106MA2GK0QX16"}),
    ],
)
def test_an_invoice_is_read_from_the_words(text: str, is_title: bool, found: dict[str, str]) -> None:
    assert read_invoice(text, is_title=is_title) == found
