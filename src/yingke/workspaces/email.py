"""E-mail addresses as sign-in names."""

import re

from yingke.kit.errors import bad_input
from yingke.kit.text import clean_line

_SHAPE = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


def clean_email(value: str, field: str = "email") -> str:
    """Trimmed, otherwise as typed; compared without regard to case. Raises 400."""
    email = clean_line(value, 254, field=field)
    if not _SHAPE.fullmatch(email):
        raise bad_input({field: "请填写邮箱地址 / an e-mail address"})
    return email
