"""What is sent for each reason when a reviewer writes nothing else, as this request's requester would read it."""

from dataclasses import dataclass

from bigcode_optout.removals.languages import known
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.removals.wording import Wordings, fill, reasons_with_text, values_of


@dataclass(frozen=True)
class UsualWords:
    """The sentence of a reason. `missing`: the language that the requester reads and that has no text for it, so that
    the English one is sent; empty where it has one."""

    title: str
    sentence: str
    language: str
    missing: str


def usual_words(request: RemovalRequest) -> list[UsualWords]:
    """Every reason with its words in the request's language, filled in for its first item. Its items are read."""
    first = next(iter(request.items.all()))
    first.request = request
    values, wordings = values_of(first), Wordings()
    said = []
    for verdict, reason in reasons_with_text():
        text = wordings.best(verdict, reason, request.language)
        if text is None:
            continue
        missing = "" if text.language == request.language else language_name(request.language)
        title = f"{str(verdict.label).capitalize()}: {reason.label}"
        said.append(UsualWords(title, fill(text.sentence, values), text.language, missing))
    return said


def language_name(code: str) -> str:
    """The language in words; a code that the site does not have any more stands for itself."""
    return known().get(code, code)
