"""How a text would be read, on the page and in the mail, about a made-up request or a real one. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string

from bigcode_optout.removals import private_links
from bigcode_optout.removals.models import Decision, RemovalRequest
from bigcode_optout.removals.wording import fill

_SAMPLE_REFERENCE = "OPT-2345-6789"
_SAMPLE_LINK = "https://…"
_SAMPLE_PARTS = ("quillon-marsh", "quillon-marsh/field-notes")


@dataclass(frozen=True)
class Words:
    """What stands in place of a row: as much of a decision as a mail's template reads."""

    sentence: str


@dataclass(frozen=True)
class _Decisions:
    """The one decision of a part, where a template asks for all of them."""

    all: Sequence[Words]


@dataclass(frozen=True)
class SamplePart:
    """As much of a part as a mail's template reads."""

    name: str
    sentence: str
    kinds: Sequence[str] = ("files", "commits", "issues")

    @property
    def decisions(self) -> _Decisions:
        """The sentence, as the template asks for it."""
        return _Decisions([Words(self.sentence)])

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class TextPreview:
    """`parts` with their sentences as on the page, and the mail. `reference` names what it was filled in for."""

    reference: str
    is_sample: bool
    parts: Sequence[SamplePart]
    subject: str
    body: str


def preview(
    *, verdict: str, sentence: str, dataset_title: str, request: RemovalRequest | None
) -> TextPreview:
    """The text as the requester of `request` would read it of each part; without one, as somebody made up would.

    `sentence` is valid (`wording.require_valid`).
    """
    reference = (request.reference or "") if request else _SAMPLE_REFERENCE
    names = [item.name for item in request.items.all()] if request else _SAMPLE_PARTS
    values = {
        "reference": reference,
        "dataset": request.dataset.title if request else dataset_title,
        "contact": settings.CONTACT_ADDRESS,
    }
    parts = [SamplePart(name, fill(sentence, values | {"part": name})) for name in names]
    is_accepted = verdict == Decision.Verdict.ACCEPT
    about = {
        "request": request or {"reference": reference, "dataset": {"title": dataset_title}},
        "items": parts,
        "accepted_items": parts if is_accepted else [],
        "declined_items": [] if is_accepted else parts,
        "link": private_links.status_link(request, private_links.statement_of(request))
        if request
        else _SAMPLE_LINK,
        "contact_address": settings.CONTACT_ADDRESS,
    }
    letter = render_to_string(f"mails/{'accepted' if is_accepted else 'denied'}.txt", about)
    subject, _, body = letter.partition("\n")
    return TextPreview(reference, request is None, parts, subject.strip(), body.strip())
