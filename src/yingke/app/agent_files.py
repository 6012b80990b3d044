"""`POST /v1/files`: what agents attach."""

from typing import Annotated

from litestar import post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from yingke.app.house import House
from yingke.app.panel_shapes import UploadView
from yingke.app.visitor_routes import store_upload
from yingke.kit.errors import forbidden
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require


@post("/v1/files", guards=[require(role="agent", scope="conversations:write")], status_code=201)
async def post_file(
    data: Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)],
    house: House,
    caller: Caller,
) -> UploadView:
    house.rates.check(f"files:{caller.owner}", rate=2, burst=40)
    if caller.agent_id is None:
        raise forbidden()
    return await store_upload(house, caller.workspace_id, data.get("file"), "agent", caller.agent_id)


ROUTES = [post_file]
