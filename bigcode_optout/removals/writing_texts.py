"""The verb of the reasons' texts: write a new version. What was sent before keeps its words."""

from django.db import IntegrityError, transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.removals import wording
from bigcode_optout.removals.languages import known
from bigcode_optout.removals.models import ReasonText

EDIT = "removals.add_reasontext"


def write_text(
    *, by: User, verdict: str, reason: str, language: str, sentence: str, seen_version: int
) -> ReasonText:
    """Write the sentence that is sent for a reason from now on.

    `seen_version` is the version that the writer had before them (0: the default). Raises `Forbidden` without the
    permission, `Conflict` when somebody else wrote one meanwhile, `Refused` for a sentence that cannot be one, for a
    reason without a text, and for a language that the site does not have.
    """
    if not by.has_perm(EDIT):
        raise Forbidden("no_permission", "Only a senior reviewer changes these texts.")
    if (verdict, reason) not in wording.reasons_with_text() or language not in known():
        raise Refused("no_such_text", "There is no such text.")
    valid = wording.require_valid(sentence)
    now_counts = wording.Wordings().text(verdict, reason, language)
    if now_counts is not None and now_counts.sentence == valid:
        raise Refused("same_text", "This is the text that counts already.")
    if (now_counts.version if now_counts else 0) != seen_version:
        raise _written_meanwhile()
    try:
        with transaction.atomic():
            return ReasonText.objects.create(
                verdict=verdict,
                reason=reason,
                language=language,
                version=seen_version + 1,
                sentence=valid,
                written_by=by,
                written_at=clock.now(),
            )
    except IntegrityError:
        raise _written_meanwhile() from None


def _written_meanwhile() -> Conflict:
    return Conflict("text_changed", "Somebody else changed this text meanwhile. Look at theirs first.")
