"""What a new installation says on its first start."""

from yingke.app.house import House


async def first_start(house: House, *, is_demo: bool) -> str:
    """The words to print, with `{address}` where the address goes; "" when everything was said before."""
    async with house.db.system() as tx:
        row = await tx.fetchrow("select workspaces from operator_counts()")
    if row is not None and row["workspaces"] == 0:
        return "打开 {address}/app/ 注册您的店铺  Open {address}/app/ and sign up.\n"
    return ""
