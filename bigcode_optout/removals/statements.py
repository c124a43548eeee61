"""Asking without a GitHub account: written down, confirmed by mail, then an ordinary request that no rule accepts."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from django.conf import settings
from django.db import transaction

from bigcode_optout.accounts.models import WITHOUT_ACCOUNT, User
from bigcode_optout.catalog.models import Dataset
from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Missing, Refused
from bigcode_optout.names import OwnerName, RepositoryName
from bigcode_optout.removals import drafting, languages, outbox, private_links, services
from bigcode_optout.removals.models import Case, RemovalRequest, ScopeItem, Statement
from bigcode_optout.removals.submission import ScopeChoice, Submission

USED_SENTENCE = (
    "This link was used before, or is too old. What was not confirmed is gone; you can write it again."
)


@dataclass(frozen=True)
class Wording:
    """What the form hands over. `noted` are addresses on other hosts; `links` begin with http:// or https://."""

    case: str
    names: tuple[OwnerName | RepositoryName, ...]
    noted: tuple[str, ...]
    evidence: str
    links: tuple[str, ...]
    email: str


@transaction.atomic
def write_down(*, wording: Wording) -> Statement:
    """Keep what was written until it is confirmed, and mail the link that confirms it. Nothing enters the queue yet."""
    if not (wording.names or wording.noted):
        raise Refused("nothing_named", "Name what should be left out.")
    statement = Statement.objects.create(
        case=wording.case,
        names=[name.shown for name in wording.names],
        noted=list(wording.noted),
        evidence=wording.evidence.strip(),
        links=list(wording.links),
        email=wording.email,
        confirm_key=private_links.new_key(),
        follow_key=private_links.new_key(),
        written_at=clock.now(),
    )
    outbox.write_about(statement, "confirm", statement_days=settings.STATEMENT_DAYS)
    return statement


def to_confirm(statement_id: int, code: str) -> Statement:
    """The statement that this link confirms. Raises `Missing` for a wrong, used or old link, all alike."""
    found = Statement.objects.filter(pk=statement_id, written_at__gt=_oldest()).first()
    if found is None or not private_links.fits(code, private_links.confirm_code(found)):
        raise Missing("no_statement", USED_SENTENCE)
    return found


def to_follow(statement_id: int, code: str) -> Statement:
    """The confirmed statement of this private link. Raises `Missing` for a wrong link or one that was replaced."""
    found = (
        Statement.objects.filter(pk=statement_id, confirmed_at__isnull=False)
        .select_related("request__requester", "request__dataset")
        .first()
    )
    if found is None or not private_links.fits(code, private_links.follow_code(found)):
        raise Missing("no_statement", "This link is not valid, or a newer one took its place.")
    return found


@transaction.atomic
def confirm(
    *, statement_id: int, code: str, dataset: Dataset, language: str = languages.FALLBACK
) -> Statement:
    """The sender's address is theirs: send the request, or note what no version holds. Works once.

    `language`, one of `languages.known()`, is the one in which the person reads decisions. Raises `Missing` for a
    wrong, used or old link.
    """
    if not Statement.objects.select_for_update().filter(pk=statement_id).exists():
        raise Missing("no_statement", USED_SENTENCE)
    statement = to_confirm(statement_id, code)
    statement.confirmed_at = clock.now()
    statement.confirm_key = ""
    statement.save()
    if statement.names:
        _send(statement, dataset, language)
    else:
        outbox.write_about(statement, "noted")
    return statement


def _send(statement: Statement, dataset: Dataset, language: str) -> None:
    """A request by a person of its own, who has no GitHub account, no password and no session."""
    user = User(username=f"{WITHOUT_ACCOUNT}{token_hex(8)}", is_active=False)
    user.set_unusable_password()
    user.save()
    choices = tuple(_choice(user, name) for name in statement.names)
    draft = drafting.choose_scope(by=user, dataset=dataset, submission=Submission(choices))
    draft.email = statement.email
    draft.save(update_fields=["email"])
    if statement.case == Case.DELETED:
        # Whoever takes the freed name from now on is somebody else.
        draft.items.update(name_valid_until=clock.today())
    statement.request, statement.email = draft, ""
    statement.save(update_fields=["request", "email"])
    statement.request = services.submit(by=user, draft_id=draft.pk, language=language)


def _choice(user: User, name: str) -> ScopeChoice:
    claim = Claim.objects.create(user=user, kind=ClaimKind.STATED, name=name)
    kind = ScopeItem.Kind.REPOSITORY if "/" in name else ScopeItem.Kind.OWNER
    return ScopeChoice(claim.pk, kind, name)


@transaction.atomic
def renew_link(*, reference: str, email: str) -> None:
    """Mail a new private link to the address that the request was confirmed with; the old one is void.

    Says nothing about whether there is such a request.
    """
    statement = (
        Statement.objects.select_for_update(of=("self",))
        .filter(request__reference=reference, request__email__iexact=email)
        .exclude(follow_key="")
        .select_related("request")
        .first()
    )
    if statement is None or statement.request is None:
        return
    statement.follow_key = private_links.new_key()
    statement.save(update_fields=["follow_key"])
    outbox.write(statement.request, "new_link")


def close_links(user: User) -> None:
    """Whoever asked without an account is blocked: private links, and browsers that one let in, open nothing more."""
    Statement.objects.filter(request__requester=user).update(follow_key="")


@transaction.atomic
def open_links(user: User) -> None:
    """Not blocked any more: a new private link is mailed."""
    closed = Statement.objects.filter(request__requester=user, follow_key="").select_related("request")
    for statement in closed:
        statement.follow_key = private_links.new_key()
        statement.save(update_fields=["follow_key"])
        if statement.request is not None and statement.request.email:
            outbox.write(statement.request, "new_link")


@transaction.atomic
def take_back(*, statement_id: int, code: str) -> None:
    """Erase what was only noted. Raises `Missing` for a wrong link, `Refused` where there is a request to withdraw."""
    statement = to_follow(statement_id, code)
    if statement.request is not None:
        raise Refused("has_request", "This is a request. Withdraw it on its page.")
    statement.delete()


def forget() -> None:
    """Delete what was not confirmed in time, and what was noted long ago."""
    Statement.objects.filter(confirmed_at__isnull=True, written_at__lte=_oldest()).delete()
    noted_until = clock.now() - timedelta(days=settings.NOTED_DAYS)
    Statement.objects.filter(request__isnull=True, confirmed_at__lt=noted_until).delete()


def _oldest() -> datetime:
    return clock.now() - timedelta(days=settings.STATEMENT_DAYS)


def requester_of(request: RemovalRequest, key_print: str) -> User | None:
    """Whoever asked for the request without an account, if `key_print` is of the link that is valid now."""
    statement = private_links.statement_of(request)
    is_open = statement is not None and statement.follow_key
    if statement is None or not is_open or not private_links.fits(key_print, print_of(statement)):
        return None
    return request.requester


def print_of(statement: Statement) -> str:
    """What a browser session remembers of the private link: it changes with the link and does not open it."""
    return hashlib.sha256(private_links.follow_code(statement).encode()).hexdigest()
