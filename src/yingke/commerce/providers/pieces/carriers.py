"""What carriers are called: names and codes of several platforms → the code that Kuaidi100 uses.

Source: api.kuaidi100.com's list of companies, and the codes that WeChat shops send. Unknown ones stay unknown.
"""

CARRIERS: dict[str, tuple[str, ...]] = {
    "shunfeng": ("顺丰", "sf", "sfexpress", "shunfeng"),
    "yuantong": ("圆通", "yto", "yuantong"),
    "zhongtong": ("中通", "zto", "zhongtong"),
    "shentong": ("申通", "sto", "shentong"),
    "yunda": ("韵达", "yd", "yunda"),
    "jtexpress": ("极兔", "jt", "jtsd", "jtexpress"),
    "ems": ("ems",),
    "youzhengguonei": ("邮政", "中国邮政", "yzpy", "chinapost", "youzhengguonei"),
    "jd": ("京东", "jd", "jdl"),
    "debangkuaidi": ("德邦", "dbl", "db", "deppon", "debangkuaidi"),
    "danniao": ("菜鸟", "丹鸟", "danniao"),
    "huitongkuaidi": ("百世", "htky", "best", "huitongkuaidi"),
    "fengwang": ("丰网", "fwx", "fengwang"),
    "zhaijisong": ("宅急送", "zjs", "zhaijisong"),
    "dhl": ("dhl",),
    "ups": ("ups",),
    "fedex": ("fedex", "联邦"),
    "usps": ("usps",),
}
_BY_WORD = {word: code for code, words in CARRIERS.items() for word in words}


def carrier_code(code: str, name: str) -> str:
    """Empty when neither is known."""
    for text in (code, name):
        folded = "".join(sign for sign in text.lower() if sign.isalnum())
        if folded in _BY_WORD:
            return _BY_WORD[folded]
    bare = name.lower()
    return next((known for word, known in _BY_WORD.items() if not word.isascii() and word in bare), "")
