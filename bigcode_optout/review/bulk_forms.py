"""What a reviewer fills in for many requests at once: words for all of them, or on whose desk they go."""

from typing import Any

from django import forms

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import PASSWORD_BACKEND
from bigcode_optout.removals.models import Decision
from bigcode_optout.removals.policies import DECIDE
from bigcode_optout.review.bulk import TEXT_LENGTH
from bigcode_optout.review.bulk_models import BulkRun

_Reason = Decision.Reason
# What takes two people, or is true of one request and not of another, is decided one by one.
_REASONS = (
    _Reason.INSUFFICIENT_PROOF,
    _Reason.NO_AUTHORITY,
    _Reason.NOT_COVERED,
    _Reason.DUPLICATE,
    _Reason.WITHDRAWN,
    _Reason.OTHER,
)


def _words(label: str, *, verb: BulkRun.Verb, help_text: str, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=TEXT_LENGTH[verb],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )


class AcceptForm(forms.Form):
    """Other words than the usual ones, if at all."""

    text = _words(
        "Other words for the requesters",
        verb=BulkRun.Verb.ACCEPT,
        help_text="Left empty, the usual words are sent, in each requester’s language.",
    )


class AskForm(forms.Form):
    """One question for all."""

    text = _words(
        "Question",
        verb=BulkRun.Verb.ASK,
        help_text="Everybody reads the same. The clocks stand still until they answer.",
        required=True,
    )


class DenyForm(forms.Form):
    """One reason for all."""

    reason = forms.ChoiceField(
        label="Reason",
        choices=[("", "Choose"), *((each.value, str(each.label).capitalize()) for each in _REASONS)],
        error_messages={"required": "Choose the reason."},
    )
    text = _words(
        "Other words for the requesters",
        verb=BulkRun.Verb.DENY,
        help_text="Left empty, the usual words for the reason are sent, in each requester’s language.",
    )

    def clean(self) -> dict[str, Any]:
        """“Other” has no usual words."""
        cleaned = super().clean() or {}
        if cleaned.get("reason") == _Reason.OTHER and not cleaned.get("text"):
            self.add_error("text", "With “other” the requesters need your own words.")
        return cleaned


class AssignForm(forms.Form):
    """On whose desk."""

    to = forms.ModelChoiceField(
        label="On whose desk", queryset=User.objects.none(), required=False, empty_label="Nobody’s"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Everybody who may decide."""
        super().__init__(*args, **kwargs)
        people = User.objects.with_perm(DECIDE, backend=PASSWORD_BACKEND).filter(is_staff=True)
        self.fields["to"].queryset = people.order_by("username")  # type: ignore[attr-defined]


FORMS: dict[str, type[forms.Form]] = {
    BulkRun.Verb.ACCEPT: AcceptForm,
    BulkRun.Verb.ASK: AskForm,
    BulkRun.Verb.DENY: DenyForm,
    BulkRun.Verb.ASSIGN: AssignForm,
}


def form_of(run: BulkRun, data: Any = None) -> forms.Form:
    """The form of the run's verb, filled in as the run says."""
    initial = {"text": run.text, "reason": run.reason, "to": run.assignee_id}
    return FORMS[run.verb](data, initial=initial)
