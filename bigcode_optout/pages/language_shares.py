"""The bar of languages: which part of the bytes is in which language."""

from collections.abc import Sequence
from dataclasses import dataclass

from bigcode_optout.datasetindex import LanguageShare

# Four languages and the rest: more tints cannot be told apart.
_NAMED = 4
_GAP = 0.5


@dataclass(frozen=True)
class Stretch:
    """A part of the bar. `start` and `width` are per cent of its length; `tint` is 1 to 5."""

    language: str
    percent: float
    tint: int
    start: float
    width: float

    @property
    def percent_text(self) -> str:
        """The share in words: `32 %`, `under 1 %`."""
        return "under 1 %" if self.percent < 0.95 else f"{self.percent:.0f} %"

    @property
    def x(self) -> str:
        """`start` as an SVG length."""
        return f"{self.start:.2f}%"

    @property
    def length(self) -> str:
        """`width` as an SVG length, less the gap to the next stretch."""
        is_last = self.start + self.width > 99.99
        return f"{max(self.width - (0 if is_last else _GAP), 0.1):.2f}%"


def language_bar(shares: Sequence[LanguageShare]) -> list[Stretch]:
    """The largest four languages and what is left, by bytes, or by files where the dataset has no sizes."""
    amounts = [(share.language, share.bytes) for share in shares]
    if not any(amount for _, amount in amounts):
        amounts = [(share.language, share.files) for share in shares]
    total = sum(amount for _, amount in amounts)
    if not total:
        return []
    named = [(language, amount) for language, amount in amounts if language and amount]
    parts: list[tuple[str, int]] = sorted(named, key=lambda part: -part[1])[:_NAMED]
    rest = total - sum(amount for _, amount in parts)
    if rest:
        parts.append(("others", rest))
    return _stretches(parts, total)


def _stretches(parts: Sequence[tuple[str, int]], total: int) -> list[Stretch]:
    stretches, start = [], 0.0
    for place, (language, amount) in enumerate(parts):
        percent = 100 * amount / total
        tint = 5 if language == "others" else place + 1
        stretches.append(Stretch(language, percent, tint, start, percent))
        start += percent
    return stretches
