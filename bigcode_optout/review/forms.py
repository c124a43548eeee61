"""What a reviewer fills in. The forms check that it is complete; the services decide whether it may be."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from bigcode_optout.removals.decision_models import FITTING
from bigcode_optout.removals.models import Decision
from bigcode_optout.removals.settling import ItemVerdict
from bigcode_optout.removals.true_reasons import is_whole_account
from bigcode_optout.review.parts import Part

Reason, Verdict = Decision.Reason, Decision.Verdict
SENTENCE_LIMIT = 600
_TO_ACCEPT, _TO_DECLINE = FITTING[Verdict.ACCEPT], FITTING[Verdict.DECLINE]
_TO_BOTH = [reason for reason in _TO_ACCEPT if reason in _TO_DECLINE]
LEAVE_OPEN = "leave"


def reason_words(reason: Decision.Reason) -> str:
    """The reason code in words, as a choice."""
    return str(reason.label).capitalize()


def _words(reason: Decision.Reason) -> tuple[str, str]:
    return reason.value, reason_words(reason)


def _words_of(reasons: Iterable[Decision.Reason]) -> list[tuple[str, str]]:
    return [_words(reason) for reason in reasons]


def _to_decline(parts: Sequence[Part]) -> list[Decision.Reason]:
    """The reasons to decline; without what is true of none of the parts, as `removals.true_reasons` sees it."""
    are_accounts = bool(parts) and all(is_whole_account(part.first) for part in parts)
    return [each for each in _TO_DECLINE if not (are_accounts and each == Reason.NO_AUTHORITY)]


def _sentence_field() -> forms.CharField:
    return forms.CharField(
        label="Other words for the requester",
        required=False,
        max_length=SENTENCE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Left empty, the usual words for the reason are sent. You see them before.",
    )


class SeenForm(forms.Form):
    """A form that says back how much of the request's history its reader had seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class PartForm(forms.Form):
    """The verdict about one part."""

    verdict = forms.ChoiceField(
        label="Verdict",
        choices=[
            (Verdict.ACCEPT.value, "Accept"),
            (Verdict.DECLINE.value, "Decline"),
            (LEAVE_OPEN, "Leave open"),
        ],
        initial=LEAVE_OPEN,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose accept, decline or leave open."},
    )
    reason = forms.ChoiceField(
        label="Reason",
        required=False,
    )
    sentence = _sentence_field()

    def __init__(self, part: Part, data: Mapping[str, Any] | None = None) -> None:
        """With the reasons that can be true of the part."""
        super().__init__(data, prefix=part.key)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            ("", "Choose when you decline"),
            ("To accept", _words_of(reason for reason in _TO_ACCEPT if reason not in _TO_BOTH)),
            ("To decline", _words_of(reason for reason in _to_decline([part]) if reason not in _TO_BOTH)),
            ("To accept or decline", _words_of(_TO_BOTH)),
        ]

    def clean(self) -> dict[str, Any]:
        """The reason must fit the verdict; accepting has a usual one, declining has not."""
        cleaned = super().clean() or {}
        verdict, reason = cleaned.get("verdict"), cleaned.get("reason")
        if verdict == Verdict.DECLINE and not reason:
            self.add_error("reason", "Choose the reason for declining.")
        elif verdict == Verdict.DECLINE and reason not in _TO_DECLINE:
            self.add_error("reason", "This is a reason to accept.")
        elif verdict == Verdict.ACCEPT and reason and reason not in _TO_ACCEPT:
            self.add_error("reason", "This is a reason to decline.")
        if reason == Reason.OTHER and verdict != LEAVE_OPEN and not cleaned.get("sentence"):
            self.add_error("sentence", "With “other” the requester needs your own words.")
        return cleaned

    def decided(self) -> ItemVerdict | None:
        """The verdict, or None to leave the part open. The form is valid."""
        if self.cleaned_data["verdict"] == LEAVE_OPEN:
            return None
        reason = Reason(self.cleaned_data["reason"] or Reason.CONTROL_SHOWN)
        return ItemVerdict(Verdict(self.cleaned_data["verdict"]), reason, self.cleaned_data["sentence"])


class DecisionForm(SeenForm):
    """A verdict about each open part."""

    def __init__(self, parts: Sequence[Part], data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.parts = [(part, PartForm(part, data)) for part in parts]

    def clean(self) -> dict[str, Any]:
        """Every part is filled in rightly, and at least one is decided."""
        cleaned = super().clean() or {}
        are_valid = [form.is_valid() for _, form in self.parts]
        if not all(are_valid):
            raise forms.ValidationError("Something is missing below.")
        if not self.verdicts():
            raise forms.ValidationError("Accept or decline at least one part.")
        return cleaned

    def verdicts(self) -> dict[int, ItemVerdict]:
        """By the item's number, what is decided."""
        decided = [(part, form.decided()) for part, form in self.parts]
        return {item.pk: verdict for part, verdict in decided if verdict for item in part.items}


class DenyForm(SeenForm):
    """One reason for everything that is open."""

    reason = forms.ChoiceField(
        label="Reason",
        error_messages={"required": "Choose the reason."},
    )
    sentence = _sentence_field()

    def __init__(self, parts: Sequence[Part], *args: Any, **options: Any) -> None:
        """About the open `parts`."""
        super().__init__(*args, **options)
        choices = [("", "Choose the reason"), *_words_of(_to_decline(parts))]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """“Other” says nothing to the requester."""
        cleaned = super().clean() or {}
        if cleaned.get("reason") == Reason.OTHER and not cleaned.get("sentence"):
            self.add_error("sentence", "With “other” the requester needs your own words.")
        return cleaned


class AskForm(SeenForm):
    """A question to the requester."""

    question = forms.CharField(
        label="Question",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write the question."},
    )


class TextForm(forms.Form):
    """A note, or why a decision is taken back."""

    text = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(SeenForm):
    """The second reviewer's answer to a proposal."""

    proposal = forms.IntegerField(widget=forms.HiddenInput)


class RefusalForm(TextForm):
    """Why a proposal is refused or taken back."""

    proposal = forms.IntegerField(widget=forms.HiddenInput)
