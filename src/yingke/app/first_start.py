"""What a new installation says on its first start."""

from yingke.app.demo.installed import find_installed
from yingke.app.demo.seed import Login, seed
from yingke.app.house import House


async def first_start(house: House, *, is_demo: bool) -> str:
    """The words to print, with `{address}` where the address goes; "" when everything was said before."""
    async with house.db.system() as tx:
        row = await tx.fetchrow("select workspaces from operator_counts()")
        installed = await find_installed(tx)
    if is_demo:
        if installed is not None:
            return ""
        return _logins(await seed(house.db, house.files, house.secrets, house.authenticate.passwords))
    if row is not None and row["workspaces"] == 0:
        return "打开 {address}/app/ 注册您的店铺  Open {address}/app/ and sign up.\n"
    return ""


def _logins(logins: list[Login]) -> str:
    lines = [f"  {login.name} ({login.role})  {login.email}  {login.password}" for login in logins]
    head = "演示店铺已准备好，以下登录只显示这一次  The demo shop is ready; these logins are shown this once:"
    return "\n".join([head, *lines, "演示 demo: {address}/demo   工作台 workbench: {address}/app/\n"])
