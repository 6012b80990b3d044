"""What is wrong with a connection, in words that say what to do."""

from yingke.commerce.contract import CannotByProgram, ShopDown, ShopError, ShopRefused, ShopUnauthorised

DOWN = {
    "connect": (
        "连不上对方服务器：请检查地址是否写对、对方是否在线。",
        "The server cannot be reached. Check the address and whether it is online.",
    ),
    "tls": ("对方的 https 证书有问题，无法安全连接。", "The server's https certificate is not valid."),
    "no_json": (
        "地址能打开，但返回的不是接口数据：多半是填成了网页地址，或被防火墙拦了。",
        "The address answers with a page, not data: it may be the wrong address, or a firewall stands before it.",
    ),
    "busy": ("对方说请求太频繁，会自动放慢再试。", "The shop asks for patience; it is tried again more slowly."),
    "slow": ("对方 5 秒内没有答复，会自动再试。", "No answer within five seconds; it is tried again."),
    "too_large": ("对方一次返回的内容太大。", "The shop sent too much at once."),
}


def say_problem(problem: ShopError) -> dict[str, str]:
    """{code, zh, en}."""
    if isinstance(problem, ShopUnauthorised):
        return {
            "code": "unauthorised",
            "zh": "密钥不对，或授权已被收回：请到对方后台核对后重新填写。",
            "en": "The keys are wrong or were withdrawn. Check them there and fill them in again.",
        }
    if isinstance(problem, ShopDown):
        zh, en = DOWN.get(
            problem.cause, ("对方系统暂时出错，会自动再试。", "The shop fails at the moment; it is tried again.")
        )
        return {"code": f"down_{problem.cause}"[:60], "zh": zh, "en": en}
    if isinstance(problem, ShopRefused):
        return {"code": "refused", "zh": f"对方拒绝了：{problem.words}", "en": f"The shop refused: {problem.words}"}
    if isinstance(problem, CannotByProgram):
        return {
            "code": "nothing_mapped",
            "zh": "还没有填写要读取的网址和字段。",
            "en": "No addresses and fields are filled in yet.",
        }
    return {"code": problem.code, "zh": problem.zh, "en": problem.en}
