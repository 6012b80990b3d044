"""Personal details of an order with their middle starred out, for lists and for whoever has not asked to see them."""


def mask_phone(digits: str) -> str:
    """138****0417; a short number keeps its last two digits, also where a file told only the last four."""
    if len(digits) >= 7:
        return f"{digits[:3]}****{digits[-4:]}"
    return "*" * max(len(digits) - 2, 0) + digits[-2:]


def mask_name(name: str) -> str:
    """顾**."""
    kept = name.strip()
    return kept[:1] + "*" * min(len(kept) - 1, 3) if kept else ""


def mask_email(email: str) -> str:
    name, at, host = email.partition("@")
    return f"{name[:1]}***@{host}" if at else ""


def mask_address(address: dict[str, str]) -> dict[str, str]:
    """The region stays, the rest is starred out."""
    return {
        "name": mask_name(address.get("name", "")),
        "phone": mask_phone("".join(mark for mark in address.get("phone", "") if mark.isdigit())),
        "region": address.get("region", ""),
        "detail": "***" if address.get("detail") else "",
    }
