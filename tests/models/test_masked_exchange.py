"""The whole way of an answer: masked out, grounded, streamed, put back, marks checked."""

from tests.emulators.chat_endpoint import ChatEndpoint
from yingke.kit.http import Outgoing
from yingke.kit.redact import Placeholders, StreamUnmask
from yingke.models.breaker import Breaker
from yingke.models.call import Text, call
from yingke.models.citations import CitationStream
from yingke.models.grounded_prompt import Passage, Turn, build_grounded_prompt
from yingke.models.providers.openai_compatible import OpenAICompatible

SECRETS = ("13800138000", "139 1234 5678", "zhang@example.com")


async def test_no_personal_number_reaches_the_endpoint_and_the_customer_reads_it_again(
    outgoing: Outgoing, endpoint: ChatEndpoint
) -> None:
    hidden = Placeholders()
    messages = build_grounded_prompt(
        hidden.mask(f"我是 {SECRETS[0]},发到 {SECRETS[2]} 可以吗?"),
        [Passage("联系", hidden.mask(f"取件请打 {SECRETS[1]} 联系仓库。"))],
        turns=[Turn("contact", hidden.mask(f"手机 {SECRETS[0]}"))],
    )
    model = OpenAICompatible(
        outgoing, base_url=endpoint.base_url, api_key="k", model="m", allow_private=True, gather_s=0.0
    )
    unmask, marks = StreamUnmask(hidden), CitationStream(1)
    shown = ""
    async for step in call(model, messages, breaker=Breaker()):
        if isinstance(step, Text):
            shown += unmask.feed(marks.feed(step.text))
    shown += unmask.feed(marks.finish()) + unmask.finish()
    assert shown == f"取件请打 {SECRETS[1]} 联系仓库。 [1]"
    assert marks.numbers == [1]
    sent = str(endpoint.seen[-1].body)
    assert not [secret for secret in SECRETS if secret in sent]
