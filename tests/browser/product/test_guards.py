"""What an agent sees before words leave that should not, and the promise that becomes a follow-up with one click."""

from playwright.async_api import expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import composer_of, customer, until_open
from tests.journeys.people import Agent


async def test_words_are_shown_before_they_leave_and_changed_with_one_click(
    owner: Agent, open_screen: OpenScreen
) -> None:
    await owner.post(
        "/v1/guards/words", {"words": "祖传老汤", "level": "block", "proposal": "传统汤底", "reason": "没有依据"}
    )
    visitor, conversation = await customer(owner, "汤底是什么")
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go(f"/app/conversations?c={conversation}")
    await until_open(desk.page, conversation, "汤底是什么")
    composer = composer_of(desk.page)
    await composer.fill("这是祖传老汤，我明天给您回复")
    await desk.page.get_by_text("这句话还不能发").wait_for()
    await desk.page.get_by_role("button", name="改为「传统汤底」").click()
    await desk.page.get_by_text("这句话还不能发").wait_for(state="detached")
    await expect(composer).to_have_value("这是传统汤底，我明天给您回复")
    await composer.press("Enter")
    await desk.page.get_by_text("您答应了「这是传统汤底，我明天给您回复」").wait_for()
    await desk.page.get_by_role("button", name="记成跟进").click()
    await desk.page.get_by_text("已记下").wait_for()
    items = (await owner.get("/v1/follow-ups?view=mine"))["items"]
    assert [(one["kind"], one["conversation_id"]) for one in items] == [("reply", conversation)]
    await visitor.close()


async def test_a_refused_message_comes_back_to_the_composer(owner: Agent, open_screen: OpenScreen) -> None:
    await owner.post("/v1/guards/words", {"words": "祖传老汤", "level": "block"})
    visitor, conversation = await customer(owner, "汤底是什么")
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go(f"/app/conversations?c={conversation}")
    await until_open(desk.page, conversation, "汤底是什么")
    composer = composer_of(desk.page)
    await composer.fill("祖传老汤")
    await composer.press("Enter")
    await desk.page.get_by_text("这句话还不能发").wait_for()
    await expect(composer).to_have_value("祖传老汤")
    said = (await owner.get(f"/v1/conversations/{conversation}/messages"))["items"]
    assert all(one.get("text") != "祖传老汤" for one in said)
    await visitor.close()
