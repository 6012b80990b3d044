"""Which skills are asked whether a message is theirs, and that none claims more than it says."""

from typing import Any, ClassVar, cast

import pytest

from yingke.assistants.serve import _best
from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.assistants.team_versions.config import SKILLS

NO_WORK = cast(Work, None)


def skill_of(claim: float, most: float, asked: list[float]) -> Skill:
    class One(Skill):
        name = "one"
        says = ("一", "one")
        tools: ClassVar[tuple[str, ...]] = ()
        at_most = most

        def claims(self, work: Work, request: Request) -> float:
            asked.append(claim)
            return claim

        async def serve(self, work: Work, request: Request) -> Served:
            return Served(None)

    return One()


@pytest.mark.parametrize(
    ("claims", "wins", "asks"),
    [
        ([(0.5, 0.8), (0.9, 1.0)], 1, [0.9]),
        ([(0.8, 0.8), (0.8, 1.0)], 0, [0.8, 0.8]),
        ([(0.6, 0.8), (0.7, 1.0)], 1, [0.7, 0.6]),
        ([(0.0, 1.0), (0.0, 0.8)], 0, [0.0, 0.0]),
    ],
)
def test_the_surest_takes_it_and_who_could_not_win_is_not_asked(claims: Any, wins: int, asks: list[float]) -> None:
    asked: list[float] = []
    skills = [skill_of(claim, most, asked) for claim, most in claims]
    claim, best = _best(NO_WORK, skills, Request("在吗", "在吗"))
    assert (claim, best) == (max(one for one, _ in claims), skills[wins])
    assert asked == asks


def test_who_may_take_a_whole_message_is_always_asked() -> None:
    assert all(skill.at_most == 1 for skill in SKILLS if skill.takes_whole)
