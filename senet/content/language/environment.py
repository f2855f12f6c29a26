"""The environments that templates are parsed in, and the context that charges what they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, cast

from liquid import BoundTemplate, Environment, RenderContext, Token
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.tags.for_tag import ForLoop
from liquid.exceptions import LiquidError, ResourceLimitError
from liquid.undefined import UNDEFINED

from senet.content.language.budget import MAX_OUTPUT, MAX_RANGE, RenderState
from senet.content.language.filters import allow_filters
from senet.content.language.reader import Reader
from senet.content.language.slots import BeaconTag, LinkTag

ALLOWED_TAGS = frozenset(
    {"if", "unless", "case", "for", "break", "continue", "assign", "capture", "comment", "#", "cycle", "echo"}
    | {"content", "output", "illegal", "doc"}
)


_make_range = RangeLiteral._make_range  # noqa: SLF001  python-liquid offers no hook


def _make_limited_range(literal: RangeLiteral, start: object, stop: object) -> range:
    """Make a range that is short enough to be reversed, skipped and searched: all of that happens out of our sight."""
    made = _make_range(literal, start, stop)
    if made.stop - made.start > MAX_RANGE:
        raise ResourceLimitError("a range grew too long for one message", token=literal.token)
    return made


cast("Any", RangeLiteral)._make_range = _make_limited_range  # noqa: SLF001  Any: a method is replaced


class LiquidContext(RenderContext):
    """A render context that charges every lookup, filter, assignment and loop pass to the message."""

    __slots__ = ("state",)

    def __init__(self, template: BoundTemplate, state: RenderState) -> None:
        super().__init__(template, globals=state.scope)
        self.state = state

    @property
    def now(self) -> datetime:
        """Return the moment of rendering."""
        return self.state.now

    @property
    def reader(self) -> Reader:
        """Return how the recipient reads dates and numbers."""
        return self.state.reader

    def sign_qr(self, text: str) -> str:
        """Return the address of a picture that says `text` as a QR code."""
        return self.state.sign_qr(text)

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        """Look a path up."""
        self.state.spend()
        return super().get(path, token=token, default=default)

    def filter(self, name: str, token: Token | None):  # type: ignore[no-untyped-def]
        """Find a filter."""
        self.state.spend()
        return super().filter(name, token)

    def assign(self, key: str, val: object) -> None:
        """Set a local name."""
        self.state.spend()
        super().assign(key, val)

    @contextmanager
    def loop(self, namespace: Mapping[str, object], forloop: ForLoop) -> Iterator[RenderContext]:  # type: ignore[override]
        """Enter a loop whose passes are charged one by one."""
        forloop.it = self.state.watch(forloop.it)
        with super().loop(namespace, forloop) as context:
            yield context


class LiquidEnvironment(Environment):
    """Strict Liquid with the allowed tags and filters, without files, with limits."""

    context_depth_limit = 20
    loop_iteration_limit = MAX_RANGE
    local_namespace_limit = 200_000
    output_stream_limit = MAX_OUTPUT
    block_nesting_limit = 20

    def __init__(self, *, autoescape: bool, private: bool) -> None:
        super().__init__(autoescape=autoescape)
        self.tags = {name: tag for name, tag in self.tags.items() if name in ALLOWED_TAGS}
        allow_filters(self)
        if private:
            self.add_tag(LinkTag)
            self.add_tag(BeaconTag)


class CheckingEnvironment(LiquidEnvironment):
    """Collects syntax errors instead of stopping at the first. For checks only."""

    def __init__(self) -> None:
        super().__init__(autoescape=False, private=False)
        self.errors: list[LiquidError] = []

    def error(self, exc: type[LiquidError] | LiquidError, msg: str | None = None, token: Token | None = None) -> None:
        """Note an error."""
        error = exc(msg or "", token=token) if isinstance(exc, type) else exc
        error.token = error.token or token
        self.errors.append(error)


@cache
def html_environment() -> LiquidEnvironment:
    """Return the environment of compiled HTML parts: values are escaped."""
    return LiquidEnvironment(autoescape=True, private=True)


@cache
def text_environment() -> LiquidEnvironment:
    """Return the environment of compiled texts and headers: values are as they are."""
    return LiquidEnvironment(autoescape=False, private=True)
