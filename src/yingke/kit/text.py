"""Text from outside: kept as it was sent, bounded, and free of what neither JSON nor PostgreSQL can carry."""

from yingke.kit.errors import bad_input


def clean_text(value: str, max_chars: int, *, field: str = "text", min_chars: int = 0) -> str:
    """Returns `value` unchanged. Raises the 400 Problem for NUL, lone surrogates, and lengths outside the bounds.

    Lengths are counted in Unicode code points. Nothing is normalised: what was typed is what is stored.
    """
    if len(value) > max_chars:
        raise bad_input({field: f"最多 {max_chars} 个字 / at most {max_chars} characters"})
    if "\0" in value or has_surrogate(value):
        raise bad_input({field: "含有无法保存的字符 / contains characters that cannot be stored"})
    if min_chars and len(value.strip()) < min_chars:
        raise bad_input(
            {field: "请填写 / required" if min_chars == 1 else f"至少 {min_chars} 个字 / at least {min_chars}"}
        )
    return value


def clean_line(value: str, max_chars: int, *, field: str, min_chars: int = 0) -> str:
    """Like `clean_text` for names and titles: one line, without control characters, trimmed at both ends."""
    line = clean_text(value, max_chars, field=field, min_chars=min_chars).strip()
    if any(ord(mark) < 32 or ord(mark) == 127 for mark in line):
        raise bad_input({field: "不能换行或含控制字符 / one line without control characters"})
    return line


def has_surrogate(value: str) -> bool:
    """True for text that UTF-8 cannot carry."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False
