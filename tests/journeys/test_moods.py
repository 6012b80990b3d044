"""A foreign customer from her own time zone, from worried to furious: what the desk sees of her over HTTP."""

from tests.journeys.conftest import OpenVisitor
from tests.journeys.people import Agent


async def test_a_worried_then_furious_customer_reaches_a_person_with_everything_known(
    owner: Agent, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(owner.site_key, language="en-GB", time_zone="America/New_York")
    comforted = await visitor.ask("I am really worried, will my parcel arrive before my flight tomorrow?")
    assert comforted["from"] == "assistant"
    first = (await owner.get("/v1/conversations"))["items"][0]
    assert first["understood"]["mood"] == "anxious"
    silent = await visitor.ask("This is a scam! I want my money back right now!")
    assert silent["from"] == "system"
    assert [m["from"] for _, m in sorted(visitor.messages.items())] == ["assistant", "system"]
    one = (await owner.get("/v1/conversations"))["items"][0]
    assert (one["handled_by"], one["hand_off_reason"], one["language"]) == ("queue", "angry", "en")
    contact = await owner.get(f"/v1/contacts/{visitor.session['contact_id']}")
    assert contact["source"]["time_zone"] == "America/New_York"
    assert one["contact"]["time_zone"] == "America/New_York"
    again = {"site_key": owner.site_key, "visitor_token": visitor.token, "time_zone": "Europe/Paris"}
    async with visitor.http.post("/v1/widget/sessions", json=again) as answer:
        assert answer.status == 200
    one = (await owner.get("/v1/conversations"))["items"][0]
    assert one["contact"]["time_zone"] == "Europe/Paris", "she has landed"
    stranger = await open_visitor(owner.site_key, time_zone="Nowhere/At All")
    contact = await owner.get(f"/v1/contacts/{stranger.session['contact_id']}")
    assert "time_zone" not in contact["source"]


async def test_the_list_is_filtered_by_mood(owner: Agent, open_visitor: OpenVisitor) -> None:
    visitor = await open_visitor(owner.site_key)
    await visitor.ask("急急急，明天就要用了，怎么还没发货")
    ids = [one["id"] for one in (await owner.get("/v1/conversations?mood=anxious"))["items"]]
    assert len(ids) == 1
    assert (await owner.get("/v1/conversations?mood=satisfied"))["items"] == []
