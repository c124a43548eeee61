"""Proofs that need the person's token. They run in GitHub's call-back, within one budget, and forget the token."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_variables

from bigcode_optout.accounts.addresses import is_local
from bigcode_optout.accounts.github import client
from bigcode_optout.accounts.models import User
from bigcode_optout.claims import services
from bigcode_optout.claims.member_counts import count_as_member
from bigcode_optout.claims.models import Claim, ClaimKind, Proof
from bigcode_optout.claims.queries import claim_of
from bigcode_optout.githubapi import Deadline, Forbidden, GitHubError, NotFound, Viewer


@sensitive_variables("token")
def prove_organisation(
    request: HttpRequest, viewer: Viewer, token: str, deadline: Deadline, subject: str
) -> HttpResponse:
    """Ask for the person's role in the organisation of claim number `subject`. Only an active owner has authority.

    `subject` may go on with a blank and the path of the page to return to (`subject_of`).
    """
    claim, back = _claim(request, subject)
    try:
        said = ask_for_role(claim, viewer=viewer, token=token, deadline=deadline)
    except GitHubError as error:
        return _unavailable(request, claim, Proof.Method.MEMBERSHIP, error, back)
    return _answer(request, said.claim, said.sentence, back, proven=said.is_proven)


@dataclass(frozen=True)
class Said:
    """What GitHub said of a role, in the words that the person reads."""

    claim: Claim
    sentence: str
    is_proven: bool


@sensitive_variables("token")
def ask_for_role(claim: Claim, *, viewer: Viewer, token: str, deadline: Deadline) -> Said:
    """Record the viewer's role in the organisation of the claim. Raises `GitHubError` when GitHub does not say."""
    try:
        membership = client().membership(token, claim.name, deadline)
    except NotFound:
        granted = "read:org" in viewer.granted_scopes
        sentence = (
            f"GitHub does not list {viewer.account.login} as a member of {claim.name}."
            if granted
            else "You did not let us read your organisations, so GitHub could not tell us your role."
        )
        _record(claim, Proof.Method.MEMBERSHIP, Proof.Outcome.NOT_PROVEN, {"granted": granted}, sentence)
        return Said(claim, sentence, False)
    claim = services.name_subject(
        claim=claim, subject_id=membership.organisation_id, name=membership.organisation_login
    )
    if membership.state == "active":
        count_as_member(
            token,
            organisation_id=membership.organisation_id,
            login=membership.organisation_login,
            deadline=deadline,
        )
    sentence = (
        f"GitHub says you are an owner of {claim.name}."
        if membership.is_owner
        else f"You are a member of {claim.name}, not an owner. An owner can ask, or a reviewer decides."
        if membership.state == "active"
        else f"Your invitation to {claim.name} is still open, so you are not an owner yet."
    )
    _record(
        claim,
        Proof.Method.MEMBERSHIP,
        Proof.Outcome.PROVEN if membership.is_owner else Proof.Outcome.NOT_PROVEN,
        {
            "organisation_id": membership.organisation_id,
            "viewer_id": viewer.account.id,
            "state": membership.state,
            "role": membership.role,
        },
        sentence,
    )
    return Said(claim, sentence, membership.is_owner)


@sensitive_variables("token")
def prove_repository(
    request: HttpRequest, viewer: Viewer, token: str, deadline: Deadline, subject: str
) -> HttpResponse:
    """Ask what the person may do in the repository of claim number `subject`. Only `permissions.admin` is authority."""
    claim, back = _claim(request, subject)
    try:
        repository = client().repository(claim.name, token, deadline)
    except NotFound:
        sentence = f"GitHub shows no public repository {claim.name}."
        _record(claim, Proof.Method.PERMISSION, Proof.Outcome.NOT_PROVEN, {}, sentence)
        return _answer(request, claim, sentence, back, proven=False)
    except GitHubError as error:
        return _unavailable(request, claim, Proof.Method.PERMISSION, error, back)
    services.keep_fact(asked_for=claim.name, repository=repository)
    services.keep_fact(asked_for="", repository=repository)
    claim = services.name_subject(claim=claim, subject_id=repository.id, name=repository.full_name)
    is_admin = repository.may_administer is True
    sentence = (
        f"GitHub says you administer {claim.name}."
        if is_admin
        else f"GitHub does not say that you administer {claim.name}. An administrator can ask, or a reviewer decides."
    )
    _record(
        claim,
        Proof.Method.PERMISSION,
        Proof.Outcome.PROVEN if is_admin else Proof.Outcome.NOT_PROVEN,
        {
            "repository_id": repository.id,
            "owner_id": repository.owner_id,
            "viewer_id": viewer.account.id,
            "admin": is_admin,
        },
        sentence,
    )
    return _answer(request, claim, sentence, back, proven=is_admin)


def subject_of(claim: Claim, back: str = "") -> str:
    """What `token_steps.start` is to remember: the claim, and the page to return to instead of the usual one."""
    return f"{claim.pk} {back}".strip()


def _claim(request: HttpRequest, subject: str) -> tuple[Claim, str]:
    """The person's claim, and where to go on."""
    assert isinstance(request.user, User)
    number, _, back = subject.partition(" ")
    return claim_of(request.user, int(number)), back if is_local(back) else ""


def _record(
    claim: Claim, method: Proof.Method, outcome: Proof.Outcome, evidence: dict[str, object], sentence: str
) -> None:
    services.record_proof(claim=claim, method=method, outcome=outcome, evidence=evidence, sentence=sentence)


def _unavailable(
    request: HttpRequest, claim: Claim, method: Proof.Method, error: GitHubError, back: str
) -> HttpResponse:
    evidence: dict[str, object] = {"code": error.code}
    if isinstance(error, Forbidden):
        evidence["reason"] = error.reason
    _record(claim, method, Proof.Outcome.UNAVAILABLE, evidence, error.sentence)
    return _answer(request, claim, f"{error.sentence} You can try again.", back, proven=False)


def _answer(request: HttpRequest, claim: Claim, sentence: str, back: str, *, proven: bool) -> HttpResponse:
    """Say what came out. Where it was not shown, the next page is the one with the other ways to show it."""
    messages.add_message(request, messages.SUCCESS if proven else messages.WARNING, sentence)
    if back:
        return redirect(back)
    if proven or claim.kind != ClaimKind.ORGANISATION:
        return redirect("pages:choose")
    return redirect("pages:claim", claim_id=claim.pk)
