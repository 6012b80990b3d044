"""A talk from the first screen to the rating, as a visitor sees it."""

import base64
from pathlib import Path

from playwright.async_api import expect

from tests.browser.widget.conftest import Desk, Visit

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
BAD_TEXTS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "javascript:alert(1)",
]


async def test_the_notice_is_on_screen_before_the_first_word_and_recorded_with_it(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    notice = visit.page.get_by_role("region", name="开始前请知悉")
    await notice.get_by_text("这里先由 AI 回答，可随时转人工。").wait_for()
    await notice.get_by_role("link", name="查看隐私说明").wait_for()
    assert await desk.do("return desk.consents") == []
    await visit.page.get_by_role("button", name="什么时候发货？").click()
    await visit.page.get_by_text("AI 生成").wait_for()
    [consent] = await desk.do("return desk.consents")
    assert (consent["purpose"], consent["version"], consent["language"]) == ("chat_notice", "2026-01", "zh-CN")


async def test_an_answer_streams_in_can_be_stopped_and_names_its_source(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await desk.do("desk.pause_before = 10")
    await visit.say("说一段长的")
    await visit.page.get_by_role("button", name="停止").click()
    await visit.page.locator(".draft").wait_for(state="detached")
    await desk.do("desk.pause_before = null")
    await visit.say("七天无理由怎么退")
    await visit.page.get_by_text("售后说明.docx").click()
    await visit.page.get_by_text("签收之日起七天内").wait_for()
    link = visit.page.get_by_role("link", name="https://example.com/returns")
    assert await link.get_attribute("rel") == "noopener noreferrer nofollow"
    await visit.page.get_by_role("button", name="有帮助", exact=True).click()
    await visit.page.get_by_text("谢谢反馈").wait_for()
    await visit.page.get_by_role("button", name="举报").click()
    await visit.page.get_by_label("这条回答有什么问题？").fill("说错了")
    await visit.page.get_by_role("button", name="提交").click()
    await visit.page.get_by_text("我们会核实处理").wait_for()
    verdicts = [(one["verdict"], one["comment"]) for one in await desk.do("return desk.feedback")]
    assert verdicts == [("up", ""), ("report", "说错了")]


async def test_a_finished_answer_is_announced_once_and_an_unfinished_one_never(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    log = visit.page.get_by_role("log")
    await log.evaluate(
        "node => { window.spoken = []; new MutationObserver((all) => { for (const one of all) for (const added of one.addedNodes)"
        " window.spoken.push(added.textContent) }).observe(node, { childList: true }) }"
    )
    await desk.do("desk.pause_before = 8")
    await visit.say("七天无理由怎么退")
    await visit.page.locator(".draft").get_by_text("签收").wait_for()
    assert await visit.page.locator(".draft").first.get_attribute("aria-live") == "off"
    await desk.do("desk.pause_before = null")
    await log.get_by_text("AI 生成").wait_for()
    spoken = await visit.page.evaluate("window.spoken.filter((text) => text.includes('签收'))")
    assert len(spoken) == 1
    assert "运费由我们承担" in spoken[0]


async def test_a_person_takes_over_in_the_middle_of_an_answer(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await desk.do("desk.pause_before = 10")
    await visit.say("说一段长的")
    await visit.page.locator(".draft").get_by_text("比较长").first.wait_for()
    await desk.do("desk.take_over(c)")
    await visit.page.get_by_text("AI 没说完的回答已撤回").wait_for()
    await visit.page.get_by_text("小李 已接入，为您服务").wait_for()
    await visit.page.get_by_text("小李 正在为您服务").wait_for()
    await expect(visit.page.get_by_text("比较长")).to_have_count(0)
    await desk.do("desk.tell(c, {type: 'typing', conversation_id: c.id, from: 'agent'})")
    await visit.page.get_by_text("对方正在输入").wait_for(state="attached")
    await visit.page.locator(".composer textarea").press_sequentially("好的")
    await desk.until("desk.typed >= 1")


async def test_asking_for_a_person_shows_the_place_in_the_queue(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.page.get_by_role("button", name="转人工").click()
    await visit.page.get_by_text("前面 2 位，约 1 分钟").first.wait_for()
    await desk.do("desk.tell(c, {type: 'queue', conversation_id: c.id, position: 1, eta_seconds: 20})")
    await visit.page.get_by_text("下一位就是您，约 1 分钟").first.wait_for()
    await expect(visit.page.get_by_role("button", name="排队中")).to_be_disabled()


async def test_outside_hours_a_visitor_leaves_word(visit: Visit, desk: Desk) -> None:
    await desk.do(
        "const at = new Date(); at.setDate(at.getDate() + 1); at.setHours(9, 0, 0, 0);"
        "desk.settings = { hours: { is_open: false, opens_at: at.toISOString() }, agents_online: false }"
    )
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.page.get_by_text("AI 在线 · 人工 明天 9:00 上班").wait_for()
    await visit.page.get_by_role("button", name="转人工").click()
    send = visit.page.get_by_role("button", name="提交留言")
    await send.click()
    await visit.page.get_by_text("请写下想咨询的问题").wait_for()
    await visit.page.get_by_label("想咨询什么").fill("灯不亮了")
    await visit.page.get_by_label("手机号").fill("138")
    await visit.page.get_by_label("我同意商家").check()
    await send.click()
    await visit.page.get_by_text("请检查手机号").wait_for()
    assert await desk.do("return desk.left_messages") == []
    await visit.page.get_by_label("手机号").fill("13800138000")
    await send.click()
    await visit.page.get_by_text("留言已提交").wait_for()
    assert await desk.do("return desk.left_messages") == [{"phone": "13800138000", "text": "灯不亮了"}]
    await visit.page.get_by_role("button", name="返回聊天").click()
    await visit.page.get_by_text("留言已收到").wait_for()


async def test_one_tap_rates_and_reasons_may_follow(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答")
    await desk.do("desk.close(c)")
    await visit.page.get_by_role("button", name="不满意").click()
    await visit.page.get_by_text("谢谢评价").wait_for()
    await visit.page.get_by_role("button", name="等待太久").click()
    await visit.page.get_by_label("还想说点什么").fill("慢")
    await visit.page.get_by_role("button", name="提交").click()
    await visit.page.get_by_text("谢谢您的意见").wait_for()
    ratings = [(one["score"], one["reasons"], one["comment"]) for one in await desk.do("return desk.ratings")]
    assert ratings == [("bad", [], ""), ("bad", ["等待太久"], "慢")]


async def test_pictures_and_files_go_by_button_paste_and_drop(visit: Visit, desk: Desk, tmp_path: Path) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    picture, paper, big, wrong = (tmp_path / name for name in ("破损.png", "合同.pdf", "视频.mp4", "装.exe"))
    picture.write_bytes(PIXEL)
    paper.write_bytes(b"%PDF-1.4 x")
    big.write_bytes(b"0" * 2_100_000)
    wrong.write_bytes(b"MZ")
    await visit.page.locator("input[type=file]").set_input_files([picture, paper, big, wrong])
    await visit.page.get_by_text("「视频.mp4」有 2.0 MB，超过了 2 MB 的上限").wait_for()
    await visit.page.get_by_text("不支持 .exe 文件").wait_for()
    await visit.page.get_by_text("合同.pdf").wait_for()
    give = (
        "(area, kind) => { const data = new DataTransfer();"
        f" data.items.add(new File([Uint8Array.from(atob('{base64.b64encode(PIXEL).decode()}'), (one) => one.charCodeAt(0))], kind + '.png', {{ type: 'image/png' }}));"
        " const event = kind === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })"
        " : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }); area.dispatchEvent(event) }"
    )
    area = visit.page.locator(".composer textarea")
    await area.evaluate(give, "paste")
    await area.evaluate(give, "drop")
    await visit.page.wait_for_function(
        "document.querySelector('yingke-widget').shadowRoot.querySelectorAll('[role=log] .picture').length === 3"
    )
    kinds = await desk.do("return c.messages.map((one) => one.type)")
    assert sorted(kinds) == ["file", "image", "image", "image"]
    await visit.page.get_by_role("button", name="查看图片 破损.png").click()
    viewer = visit.page.get_by_role("dialog", name="查看图片")
    await viewer.get_by_text("1 / 3").wait_for()
    await visit.page.keyboard.press("ArrowRight")
    await viewer.get_by_text("2 / 3").wait_for()
    await visit.page.keyboard.press("Escape")
    await viewer.wait_for(state="detached")
    visit.faults.clear()  # the refused .exe is a 415 in the console


async def test_enter_that_ends_a_composition_sends_nothing(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    area = visit.page.locator(".composer textarea")
    await area.focus()
    wire = await visit.context.new_cdp_session(visit.page)
    await wire.send("Input.imeSetComposition", {"text": "fapiao", "selectionStart": 6, "selectionEnd": 6})
    for kind in ("rawKeyDown", "keyUp"):
        await wire.send(
            "Input.dispatchKeyEvent", {"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
        )
    await wire.send("Input.insertText", {"text": "发票"})
    assert await area.input_value() == "发票"
    assert await visit.page.locator(".contact").count() == 0
    await area.press("Shift+Enter")
    await area.press("Enter")
    await visit.page.locator(".contact .bubble", has_text="发票").wait_for()


async def test_a_copied_piece_of_an_answer_keeps_its_mark(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say("七天无理由怎么退")
    bubble = visit.page.get_by_role("log").locator(".assistant .bubble")
    await bubble.wait_for()
    await bubble.evaluate(
        "node => { window.copied = ''; document.addEventListener('copy', (event) => { window.copied = event.clipboardData.getData('text/plain') });"
        " const range = document.createRange(); range.selectNodeContents(node);"
        " const picked = getSelection(); picked.removeAllRanges(); picked.addRange(range); document.execCommand('copy') }"
    )
    copied = await visit.page.evaluate("window.copied")
    assert "签收七天内" in copied
    assert copied.endswith("[AI 生成]")


async def test_what_strangers_write_is_shown_and_never_run(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答")
    for text in BAD_TEXTS:
        await desk.do(
            f"desk.say(c, {{from: 'assistant', text: {text!r}, citations: [{{n: 1, title: {text!r}, quote: {text!r}}}]}})"
        )
        await desk.do(
            f"desk.say(c, {{from: 'agent', text: {text!r}, agent: {{id: '3', work_name: {text!r}, avatar_url: 'javascript:alert(1)'}}}})"
        )
    await visit.page.locator(".agent .bubble").nth(3).wait_for()
    harm = await visit.page.evaluate(
        "(() => { const root = document.querySelector('yingke-widget').shadowRoot;"
        " return root.querySelectorAll('script, .bubble img, a[href^=javascript], img[src^=javascript]').length })()"
    )
    assert harm == 0


async def test_it_speaks_english_and_changes_on_request(phone: Visit, desk: Desk) -> None:
    await phone.page.goto(f"{desk.address}/host/plain?locale=en")
    await phone.page.get_by_role("button", name="Chat with us").click()
    await phone.page.get_by_text("An AI answers first.").wait_for()
    width = await phone.page.evaluate(
        "document.querySelector('yingke-widget').shadowRoot.querySelector('.panel').getBoundingClientRect().width"
    )
    assert width == 390
    size = await phone.page.locator(".composer textarea").evaluate(
        "node => parseFloat(getComputedStyle(node).fontSize)"
    )
    assert size >= 16
    await phone.page.get_by_role("button", name="More").click()
    await phone.page.get_by_role("menuitem", name="中文").click()
    await phone.page.get_by_text("这里先由 AI 回答").wait_for()
    await phone.page.get_by_text("您好，我是小禾").wait_for()
