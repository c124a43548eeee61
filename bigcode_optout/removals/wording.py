"""The sentence of a decision: the text that counts now for its reason, in the requester's language, filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from django.conf import settings

from bigcode_optout.core.errors import Refused
from bigcode_optout.removals.default_texts import DEFAULTS
from bigcode_optout.removals.languages import FALLBACK, known
from bigcode_optout.removals.models import Decision, ReasonText, ScopeItem

TEXT_LENGTH = 600
# What may stand in braces in a text, and what comes in its place.
PLACEHOLDERS: Mapping[str, str] = {
    "part": "what was asked for: a login or owner/name",
    "reference": "the request’s reference number",
    "dataset": "the dataset’s title",
    "contact": "the address that people can write to",
}


@dataclass(frozen=True)
class Text:
    """The text that counts for one reason in one language. `version` 0: the default of the code."""

    sentence: str
    language: str
    version: int = 0

    @property
    def is_default(self) -> bool:
        """True until somebody edits it."""
        return self.version == 0


@dataclass(frozen=True)
class Worded:
    """A sentence as it is sent. `language` is empty for a reviewer's own words."""

    sentence: str
    language: str


class Wordings:
    """Every text that counts now, read once."""

    def __init__(self) -> None:
        self._texts = _defaults()
        for row in ReasonText.objects.order_by("version"):
            self._texts[row.verdict, row.reason, row.language] = Text(row.sentence, row.language, row.version)

    def text(self, verdict: str, reason: str, language: str) -> Text | None:
        """The text in exactly this language, or None where there is none."""
        return self._texts.get((verdict, reason, language))

    def best(self, verdict: str, reason: str, language: str) -> Text | None:
        """The text in this language, else in English; None for “other”, which has no text."""
        return self.text(verdict, reason, language) or self.text(verdict, reason, FALLBACK)

    def worded(self, item: ScopeItem, verdict: str, reason: str, own_words: str = "") -> Worded:
        """What the requester of the item's request reads. Raises `Refused` when “other” comes without own words."""
        if own_words.strip():
            return Worded(own_words.strip(), "")
        text = self.best(verdict, reason, item.request.language)
        if text is None:
            raise Refused("no_sentence", "With “other” the requester needs your own words.")
        return Worded(fill(text.sentence, values_of(item)), text.language)


def _defaults() -> dict[tuple[str, str, str], Text]:
    return {
        (verdict, reason, language): Text(sentence, language)
        for (verdict, reason), by_language in DEFAULTS.items()
        for language, sentence in by_language.items()
        if language in known() or language == FALLBACK
    }


def reasons_with_text() -> list[tuple[Decision.Verdict, Decision.Reason]]:
    """The pairs of verdict and reason that have a text: all but “other”."""
    return [(Decision.Verdict(verdict), Decision.Reason(reason)) for verdict, reason in DEFAULTS]


def values_of(item: ScopeItem) -> dict[str, str]:
    """What stands in the place of each placeholder. The item's `request.dataset` is read."""
    return {
        "part": item.name,
        "reference": item.request.reference or "",
        "dataset": item.request.dataset.title,
        "contact": settings.CONTACT_ADDRESS,
    }


def fill(sentence: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in. The text was checked by `require_valid` or is a default."""
    return sentence.format_map(values)


def require_valid(sentence: str) -> str:
    """The sentence without blanks around it. Raises `Refused` with what is wrong: empty, too long, a placeholder that
    is not in `PLACEHOLDERS`, or a brace that belongs to none."""
    sentence = sentence.strip()
    if not sentence:
        raise Refused("no_text", "Write the sentence.")
    if len(sentence) > TEXT_LENGTH:
        raise Refused("text_too_long", f"Up to {TEXT_LENGTH} characters fit.")
    try:
        parsed = list(Formatter().parse(sentence))
    except ValueError:
        raise Refused(
            "stray_brace", "A brace stands alone. Placeholders look like {part}; write {{ for a brace."
        ) from None
    for _, name, spec, conversion in parsed:
        if name is not None and (name not in PLACEHOLDERS or spec or conversion):
            allowed = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise Refused("unknown_placeholder", f"{{{name}}} is no placeholder. There are {allowed}.")
    return sentence
