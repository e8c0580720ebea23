"""How wide the columns of a flow have shown to be, and which of them a block can come from.

Letters differ in width, so characters tell it roughly: a block counts as too wide or too narrow for a column only
beyond a margin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kg.read.blocks import Block
from kg.read.wrapped import URL

MARGIN: Final = 0.05
GAP: Final = 1.35  # how many times wider the titles are than the posts, at least
POSTS_OF_TITLES: Final = 0.5


@dataclass(frozen=True)
class Widths:
    """The longest line, in characters, that each column has shown; 0 where no block is certain."""

    links: int
    titles: int
    posts: int

    def too_wide(self, block: Block, shown: int) -> bool:
        """Whether the block has a longer line than the column."""
        return bool(shown) and block.widest > shown * (1 + MARGIN)

    def too_narrow(self, block: Block, shown: int) -> bool:
        """Whether the block has a line that would not have been broken in the column."""
        return bool(shown) and block.room is not None and block.room < shown * (1 - MARGIN)

    def among(self, block: Block) -> set[str]:
        """Which of links and titles the block can come from."""
        shown = {"links": self.links, "titles": self.titles}
        # The links' column shows its width only by names and labels, which may all be short: it excludes nothing as
        # too wide.
        wide = {"titles"} if self.too_wide(block, self.titles) else set()
        return {role for role, width in shown.items() if role not in wide and not self.too_narrow(block, width)}


def measure(blocks: Sequence[Block], opens: Sequence[bool]) -> Widths:
    """Links from the blocks that open rows, titles and posts from the other broken ones without a link."""
    links = max((block.widest for block, opening in zip(blocks, opens, strict=True) if opening), default=0)
    broken = sorted(
        block.widest
        for block, opening in zip(blocks, opens, strict=True)
        if not opening and len(block.lines) > 1 and not URL.search(block.text)
    )
    if not broken:
        return Widths(links, 0, 0)
    step, narrow = max(((wide / narrow, narrow) for narrow, wide in pairwise(broken)), default=(0.0, 0))
    if step >= GAP:
        return Widths(links, broken[-1], narrow)
    if links and broken[-1] <= POSTS_OF_TITLES * links:
        return Widths(links, 0, broken[-1])
    return Widths(links, broken[-1], int(POSTS_OF_TITLES * broken[-1]))
