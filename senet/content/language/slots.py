"""Two private tags that only the compiler writes: a link to be replaced by its redirect, and the beacon's place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from liquid import RenderContext, Tag, Token, TokenStream
from liquid.ast import BlockNode, Node
from liquid.parser import get_parser
from liquid.token import TOKEN_EXPRESSION, TOKEN_TAG

LINK = "senet_link"
END_LINK = "endsenet_link"
BEACON = "senet_beacon"


def write_link(number: int, source: str) -> str:
    """Return the private tag for a link whose own source is `source`."""
    return f"{{% {LINK} {number} %}}{source}{{% {END_LINK} %}}"


WRITE_BEACON = f"{{% {BEACON} %}}"


class LinkNode(Node):
    """A link: its number and its own source, which renders to the untracked address."""

    __slots__ = ("block", "number")

    def __init__(self, token: Token, number: int, block: BlockNode) -> None:
        super().__init__(token)
        self.number = number
        self.block = block
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the address that this person gets."""
        inner = context.get_buffer()
        self.block.render(context, inner)
        state = context.state  # type: ignore[attr-defined]  # compiled templates render in a LiquidContext
        return buffer.write(state.write_link(self.number, inner.getvalue(), html=context.autoescape))

    def children(self, static_context: RenderContext, *, include_partials: bool = True) -> Iterable[Node]:  # noqa: ARG002
        """Return the address's own nodes."""
        yield self.block


class LinkTag(Tag):
    """Parses a link."""

    name = LINK
    end = END_LINK

    def parse(self, stream: TokenStream) -> LinkNode:
        """Return the node that starts at the stream's head."""
        token = stream.eat(TOKEN_TAG)
        number = int(stream.eat(TOKEN_EXPRESSION).value)
        block = get_parser(self.env).parse_block(stream, frozenset((END_LINK,)))
        stream.expect(TOKEN_TAG, value=END_LINK)
        return LinkNode(token, number, block)


class BeaconNode(Node):
    """The beacon's place."""

    __slots__ = ()

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the beacon, when this person may be tracked."""
        return buffer.write(context.state.write_beacon())  # type: ignore[attr-defined]


class BeaconTag(Tag):
    """Parses the beacon's place."""

    name = BEACON
    block = False

    def parse(self, stream: TokenStream) -> BeaconNode:
        """Return the node at the stream's head."""
        return BeaconNode(stream.expect(TOKEN_TAG, value=BEACON))
