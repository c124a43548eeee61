"""The policy's page: what is accepted without a person, what a change would have decided, and the history."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Conflict, Refused
from bigcode_optout.removals import automatic
from bigcode_optout.removals.automatic import SWITCHES, Policy
from bigcode_optout.removals.models import PolicyChange
from bigcode_optout.removals.policy_trial import DAYS, try_out

# Where these permissions come from: removals.policy_models, review.groups.
_VIEW = "removals.view_policychange"
_SHOWN = 50
# Who stands before a wave of wrong acceptances has no time for a form.
_STOP, _GO_ON = "stop", "go_on"


class PolicyForm(forms.Form):
    """Switches and thresholds. `number` is the change that was on the screen."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    large_from_members = forms.IntegerField(label="Members from which an organisation is large", min_value=2)
    large_from_repositories = forms.IntegerField(
        label="Repositories in a version from which it is large", min_value=1, max_value=1_000_000
    )
    reason = forms.CharField(
        label="Why", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """One box a switch, in the order of the table."""
        super().__init__(*args, **options)
        switches = {
            f"accepts_{kind}": forms.BooleanField(label=title, required=False)
            for kind, title in SWITCHES.items()
        }
        self.fields = {**switches, **self.fields}

    @property
    def switches(self) -> list[forms.BoundField]:
        """The boxes alone."""
        return [self[f"accepts_{kind}"] for kind in SWITCHES]

    @property
    def thresholds(self) -> list[forms.BoundField]:
        """The numbers alone."""
        return [self["large_from_members"], self["large_from_repositories"]]

    def policy(self, before: Policy) -> Policy:
        """What the form says; the kill switch is no part of it and stays as it was."""
        data = self.cleaned_data
        return Policy(
            accepts={kind: data[f"accepts_{kind}"] for kind in SWITCHES},
            large_from_members=data["large_from_members"],
            large_from_repositories=data["large_from_repositories"],
            is_stopped=before.is_stopped,
            number=data["number"],
        )


def page(request: HttpRequest, *, context: Mapping[str, Any]) -> HttpResponse:
    """GET shows it; POST with `try` also what the form would have decided; any other POST changes it. 403 without the
    permission. A trial is posted, too: nobody's reason and no token stand in the address."""
    user = request.user
    assert isinstance(user, User)
    if not (user.has_perm(_VIEW) or user.has_perm(automatic.SET_POLICY)):
        raise PermissionDenied
    is_trial = "try" in request.POST
    if request.method == "POST" and not is_trial:
        return _change(request, user, context)
    before = automatic.current()
    form = PolicyForm(request.POST) if is_trial else PolicyForm(initial=_initial(before))
    is_tried = form.is_bound and form.is_valid()
    trial = try_out(before, form.policy(before)) if is_tried else None
    return _render(request, context, before, form, trial=trial)


def _change(request: HttpRequest, user: User, context: Mapping[str, Any]) -> HttpResponse:
    if not user.has_perm(automatic.SET_POLICY):
        raise PermissionDenied
    before = automatic.current()
    is_switch = _STOP in request.POST or _GO_ON in request.POST
    form = PolicyForm(_as_shown(before, request.POST) if is_switch else request.POST)
    if not form.is_valid():
        return _render(request, context, before, form, status=400)
    policy = form.policy(before)
    if is_switch:
        policy = Policy(**{**vars(before), "is_stopped": _STOP in request.POST, "number": policy.number})
    try:
        _set(user, policy, form.cleaned_data["reason"])
    except (Conflict, Refused) as error:
        form.add_error(None, error.sentence)
        return _render(request, context, before, form, status=error.status)
    messages.success(request, "The policy holds from now on. What was decided before stays.")
    return redirect("admin:policy")


@transaction.atomic
def _set(by: User, policy: Policy, reason: str) -> None:
    """Why stands in the policy's own history."""
    made = automatic.change(by=by, policy=policy, reason=reason)
    what = "Nothing is accepted without a person." if made.is_stopped else "The policy was set."
    LogEntry.objects.log_actions(by.pk, [made], ADDITION, change_message=what, single_object=True)


def _as_shown(before: Policy, sent: QueryDict) -> dict[str, Any]:
    """The kill switch sends nothing but its reason: the rest is what holds."""
    return {
        **{name: value for name, value in _initial(before).items() if value is not False},
        "number": sent.get("number"),
        "reason": sent.get("reason", ""),
    }


def _initial(policy: Policy) -> dict[str, Any]:
    return {
        **{f"accepts_{kind}": policy.accepts.get(kind, False) for kind in SWITCHES},
        "large_from_members": policy.large_from_members,
        "large_from_repositories": policy.large_from_repositories,
        "number": policy.number,
    }


def _render(
    request: HttpRequest,
    context: Mapping[str, Any],
    before: Policy,
    form: PolicyForm,
    *,
    trial: Any = None,
    status: int = 200,
) -> HttpResponse:
    shown = {
        **context,
        "title": "Policy",
        "policy": before,
        "form": form,
        "trial": trial,
        "changed": trial.changed[:_SHOWN] if trial else [],
        "days": DAYS,
        "may_set": request.user.has_perm(automatic.SET_POLICY),
        "history": [_line(change) for change in PolicyChange.objects.select_related("changed_by")[:_SHOWN]],
    }
    return render(request, "review/policy.html", shown, status=status)


def _line(change: PolicyChange) -> dict[str, Any]:
    return {"change": change, "on": [title for kind, title in SWITCHES.items() if change.accepts.get(kind)]}
