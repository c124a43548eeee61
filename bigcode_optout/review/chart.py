"""The small chart of arrivals and decisions per day: numbers for bars that the template draws, and for its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

DAYS = 14
# In the chart's own units: its view box is so wide and high, and a day has two bars.
WIDTH, HEIGHT = 280, 72
_DAY = WIDTH / DAYS
_BAR = _DAY * 0.38


@dataclass(frozen=True)
class Bar:
    """One bar: `kind` is `in` or `out`; place and size in the chart's units, counted from its upper left corner."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """Requests received and decided on each of the days, which stand in order."""

    days: Sequence[date]
    received: Sequence[int]
    decided: Sequence[int]

    width = WIDTH
    height = HEIGHT

    @property
    def received_count(self) -> int:
        """Over all days."""
        return sum(self.received)

    @property
    def decided_count(self) -> int:
        """Over all days."""
        return sum(self.decided)

    @property
    def rows(self) -> list[tuple[date, int, int]]:
        """The same as a table, newest first."""
        return list(zip(self.days, self.received, self.decided, strict=True))[::-1]

    @property
    def bars(self) -> list[Bar]:
        """From left to right. The largest number fills the height; what is not nothing is seen."""
        largest = max([*self.received, *self.decided, 1])
        found = []
        for number, pair in enumerate(zip(self.received, self.decided, strict=True)):
            for place, (kind, count) in enumerate(zip(("in", "out"), pair, strict=True)):
                height = max(1.5, count / largest * (HEIGHT - 2)) if count else 0.0
                x = number * _DAY + _DAY * 0.1 + place * _BAR
                found.append(
                    Bar(kind, round(x, 2), round(HEIGHT - 1 - height, 2), round(_BAR, 2), round(height, 2))
                )
        return [bar for bar in found if bar.height]
