"""What went wrong with a trial call, and what the person who sets the tool up can do about it."""

_TROUBLE = {
    "slow": ("对方没有在规定时间内答复。请让技术同事看看接口为什么慢，或把等待时间调到 3 秒。", "No answer in time. Find out why the interface is slow, or wait up to 3 seconds."),
    "connect": ("连不上这个网址。请检查域名和端口，并确认外网可以访问。", "The address cannot be reached. Check the name and the port, and that it is open to the internet."),
    "tls": ("对方的 https 证书有问题。请让技术同事更换有效证书。", "The https certificate of the other side is not valid. It has to be replaced."),
    "cut": ("对方中途断开了连接。请稍后再试，或查看对方的日志。", "The other side cut the connection. Try again, or look at its log."),
    "encoding": ("对方返回了压缩内容。请让接口返回未压缩的 JSON。", "The answer is compressed. Let the interface answer plain JSON."),
    "address": ("这个网址不能访问：只允许公网地址，填入的内容也不能改变路径。", "This address may not be called: public addresses only, and no value may change the path."),
    "too_large": ("返回的内容超过 256 KB。请让接口只返回要用的几项。", "The answer is larger than 256 KB. Let the interface send only what is needed."),
    "no_json": ("返回的不是 JSON（可能是网页）。请检查网址，应填接口地址而不是页面地址。", "The answer is no JSON (a web page?). Give the address of the interface, not of a page."),
    "redirect": ("对方要求跳转到另一个网址，出于安全不会跟随。请直接填最终的网址。", "The other side redirects, which is not followed for safety. Give the final address itself."),
    "unauthorised": ("对方说没有权限（401/403）。请检查请求头里的密钥。", "The other side refuses the key (401/403). Check the value of the header."),
}  # fmt: skip
_REFUSED = ("对方返回了错误 {status}。请对照接口文档检查网址、方式和要填的内容。", "The other side answered with error {status}. Check address, method and values against its documentation.")  # fmt: skip
_BROKEN = ("对方系统出错了（{status}）。请稍后再试，或联系维护它的同事。", "The other system failed ({status}). Try again later, or tell whoever looks after it.")  # fmt: skip


def say_trouble(why: str, status: int, *, is_en: bool) -> str:
    known = _TROUBLE.get(why) or (_BROKEN if status >= 500 else _REFUSED)
    return known[1 if is_en else 0].format(status=status)
