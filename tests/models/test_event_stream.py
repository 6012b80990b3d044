"""The event reader gives the same events however the bytes are cut."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingke.models.event_stream import LONGEST_LINE, EventStream, EventStreamBroken

ENDINGS = st.sampled_from([b"\n", b"\r\n", b"\r"])
DATA = st.text(alphabet=st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"]), max_size=20)


def read(pieces: list[bytes]) -> list[bytes]:
    stream = EventStream()
    events = [event for piece in pieces for event in stream.feed(piece)]
    return [*events, *stream.finish()]


def cut_at(data: bytes, places: list[int]) -> list[bytes]:
    marks = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(marks)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    events=st.lists(st.lists(DATA, min_size=1, max_size=3), max_size=6),
    ending=ENDINGS,
    places=st.lists(st.integers(0, 10_000), max_size=30),
)
def test_any_split_gives_the_events_that_were_sent(events: list[list[str]], ending: bytes, places: list[int]) -> None:
    sent = b"".join(b"".join(b"data: " + line.encode() + ending for line in lines) + ending for lines in events)
    wanted = ["\n".join(lines).encode() for lines in events]
    assert read(cut_at(sent, places)) == wanted


@given(noise=st.binary(max_size=400), places=st.lists(st.integers(0, 400), max_size=20))
def test_noise_reads_the_same_however_it_is_cut(noise: bytes, places: list[int]) -> None:
    assert read(cut_at(noise, places)) == read([noise])


def test_one_byte_at_a_time() -> None:
    sent = b"\xef\xbb\xbf: comment\r\nevent: x\r\nid: 7\r\nretry: 10\r\ndata:a\r\n\r\ndata: b\r\ndata:  c\r\n\r\n"
    sent += b"data: [DONE]"
    assert read([bytes([byte]) for byte in sent]) == [b"a", b"b\n c", b"[DONE]"]


def test_a_line_without_end_is_refused() -> None:
    stream = EventStream()
    for _ in range(LONGEST_LINE // 1000):
        stream.feed(b"x" * 1000)
    with pytest.raises(EventStreamBroken):
        stream.feed(b"x")
