"""What a process under pressure leaves for later, and in which order (I18); what it never refuses."""

import pytest

from yingke.app.load import FIGURES, HELP, HISTORY, PRESENCE, WEBHOOKS, Load
from yingke.assistants.pace import Pace
from yingke.kit.errors import Problem
from yingke.kit.rates import Rates
from yingke.kit.settings import Settings

IN_ORDER = [
    (FIGURES, "GET", "/v1/knowledge/search"),
    (FIGURES, "GET", "/v1/today"),
    (FIGURES, "GET", "/v1/knowledge/qa-pairs/export"),
    (FIGURES, "GET", "/v1/conversations/7/transcript"),
    (FIGURES, "POST", "/v1/shadow/runs"),
    (HELP, "POST", "/v1/ask"),
    (HELP, "GET", "/v1/conversations/7/suggestions"),
    (PRESENCE, "POST", "/v1/conversations/7/typing"),
    (PRESENCE, "POST", "/v1/widget/visits"),
    (HISTORY, "GET", "/v1/widget/messages"),
    (HISTORY, "GET", "/v1/conversations/7/messages"),
    (HISTORY, "GET", "/v1/contacts/7"),
]
NEVER = [
    ("POST", "/v1/widget/messages"),
    ("POST", "/v1/widget/left-messages"),
    ("POST", "/v1/widget/hand-off"),
    ("POST", "/v1/widget/sessions"),
    ("POST", "/v1/conversations/7/messages"),
    ("POST", "/v1/conversations/7/take-over"),
    ("POST", "/v1/queue/next"),
    ("POST", "/v1/auth/sign-in"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/v1/me"),
]


def _load(**settings: float) -> Load:
    return Load(Pace(), Rates(), Settings(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(("level", "method", "path"), IN_ORDER)
def test_each_thing_is_left_for_later_from_its_own_level_on(level: int, method: str, path: str) -> None:
    load = _load()
    told = []
    for load.pressure.level in range(6):
        told.append(load.check(method, path))
    assert [problem is not None for problem in told] == [now >= level for now in range(6)]
    refusal = told[5]
    assert refusal is not None
    assert (refusal.status, (refusal.retry_after or 0) >= 1) == (503, True)


@pytest.mark.parametrize(("method", "path"), NEVER)
def test_what_a_customer_or_an_agent_says_is_never_left_for_later(method: str, path: str) -> None:
    load = _load()
    load.pressure.level = 5
    assert load.check(method, path) is None


def test_the_order_is_figures_then_the_assistants_help_then_presence_webhooks_and_history() -> None:
    assert FIGURES < HELP < PRESENCE < WEBHOOKS < HISTORY
    load = _load()
    load.pressure.level = PRESENCE
    assert load.left_undone == ["figures", "assistant", "presence"]
    assert load.leaves(PRESENCE)
    assert not load.leaves(WEBHOOKS)


def test_messages_beyond_what_can_be_stored_are_refused_with_a_time_to_come_back() -> None:
    load = _load()
    load.messages.limit = 2.0
    with load.message(), load.message():
        with pytest.raises(Problem) as refusal, load.message():
            pass
    assert (refusal.value.status, refusal.value.retry_after is not None) == (503, True)
    with load.message():
        assert load.messages.running == 1, "what was refused holds no place"


def test_a_message_whose_sender_is_known_takes_its_place_at_the_door_or_is_refused_there() -> None:
    load = _load()
    load.messages.limit = 10.0
    places = [load.enter(1) for _ in range(8)]
    with pytest.raises(Problem) as share:
        load.enter(1)
    places += [load.enter(2), load.enter(2)]
    with pytest.raises(Problem) as full:
        load.enter(3)
    assert (share.value.status, full.value.status, load.messages.running) == (429, 503, 10)
    for number, place in enumerate(places):
        place.leave(is_stored=number % 2 == 0)
    load.enter(1).leave(is_stored=True)
    assert load.messages.running == 0


def test_a_noisy_workspace_leaves_room_for_the_others() -> None:
    load = _load()
    load.messages.limit = 10.0
    held = []
    for _ in range(8):
        share = load.share(1)
        share.__enter__()
        held.append(share)
    with pytest.raises(Problem) as refusal, load.share(1):
        pass
    assert refusal.value.status == 429
    with load.share(2):
        pass
    for share in held:
        share.__exit__(None, None, None)
    with load.share(1):
        pass


def test_a_workspace_over_its_quota_is_told_to_wait_and_another_is_not() -> None:
    load = _load(workspace_rate=5)
    for _ in range(5):
        with load.share(1):
            pass
    with pytest.raises(Problem) as refusal, load.share(1):
        pass
    assert (refusal.value.status, refusal.value.retry_after is not None) == (429, True)
    with load.share(2):
        pass
