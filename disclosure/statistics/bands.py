"""Whether the draws were even: each industry beside the range in which fair draws lie (四(3)-f; ui-2.md 20)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plans.draw import evenness
from plans.draw.evenness import Band


@dataclass(frozen=True)
class Evenness:
    """The industries, the most often expected first."""

    rows: Sequence[Band]
    most: int
    name: str = "evenness"
    title: str = "抽取是否均匀"

    SHOWN = 12

    @property
    def first(self) -> list[Band]:
        """Those at the head, and every outlier wherever it stands."""
        return [row for n, row in enumerate(self.rows) if n < self.SHOWN or row.outside]

    @property
    def rest(self) -> list[Band]:
        return [row for n, row in enumerate(self.rows) if n >= self.SHOWN and not row.outside]

    @property
    def outside(self) -> list[Band]:
        return [row for row in self.rows if row.outside]

    @property
    def drawn(self) -> int:
        return sum(row.drawn for row in self.rows)

    @property
    def by_chance(self) -> str:
        """So many lie outside on average although the draw is even."""
        return evenness.by_chance(row.by_chance for row in self.rows)

    def heads(self) -> list[str]:
        return ["行业", "参加（家次）", "应有（次）", "95% 范围下限", "95% 范围上限", "实际（次）", "比较"]

    def lines(self) -> Iterable[list]:
        for b in self.rows:
            yield [b.label, b.took, f"{b.expected:.1f}", b.low, b.high, b.drawn, b.verdict]

    def as_json(self) -> list[dict]:
        return [
            {
                "label": b.label,
                "took_part": b.took,
                "expected": round(b.expected, 3),
                "range": [b.low, b.high],
                "drawn": b.drawn,
                "outside": b.outside,
            }
            for b in self.rows
        ]
