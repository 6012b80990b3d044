"""Applications of a few rooms for one test. Building one takes longer than most tests, so each is lent again.

Whoever opens one gets it alone until his test ends; what its handlers are given is always his own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from litestar import Litestar
from litestar.di import Provide

from yingke.workspaces.authenticate import Authenticate
from yingke.workspaces.require import deny_undeclared


@dataclass
class _App:
    """`routes` and `handlers` are kept so that nothing else gets their identity."""

    litestar: Litestar
    given: dict[str, Any]
    routes: Sequence[Any]
    handlers: Mapping[Any, Any]


@dataclass
class _Apps:
    free: dict[tuple[Any, ...], list[_App]] = field(default_factory=lambda: defaultdict(list))
    lent: list[tuple[tuple[Any, ...], _App]] = field(default_factory=list)

    def lend(self, routes: Sequence[Any], given: Mapping[str, Any], handlers: Mapping[Any, Any]) -> _App:
        key = (tuple(map(id, routes)), tuple(sorted(given)), id(handlers))
        app = self.free[key].pop() if self.free[key] else _build(routes, given, handlers)
        app.given |= given
        self.lent.append((key, app))
        return app

    def take_back(self) -> None:
        while self.lent:
            key, app = self.lent.pop()
            app.given.update(dict.fromkeys(app.given))
            self.free[key].append(app)


_apps = _Apps()


def open_app(
    routes: Sequence[Any], given: Mapping[str, Any], handlers: Mapping[Any, Any], authenticate: Authenticate
) -> Litestar:
    """An application of `routes` (the same handlers are the same application) whose handlers get `given` by name.

    A value that is a `Provide` is made anew for each request.
    """
    litestar = _apps.lend(routes, given, handlers).litestar
    litestar.state.authenticate = authenticate
    return litestar


def take_apps_back() -> None:
    """At the end of a test."""
    _apps.take_back()


def _build(routes: Sequence[Any], given: Mapping[str, Any], handlers: Mapping[Any, Any]) -> _App:
    now: dict[str, Any] = {}
    dependencies = {name: value if isinstance(value, Provide) else _giving(now, name) for name, value in given.items()}
    litestar = Litestar(
        route_handlers=routes,
        guards=[deny_undeclared],
        dependencies=dependencies,
        exception_handlers=dict(handlers),
        logging_config=None,
    )
    return _App(litestar, now, routes, handlers)


def _giving(now: dict[str, Any], name: str) -> Provide:
    def give() -> Any:
        return now[name]

    return Provide(give, sync_to_thread=False)
