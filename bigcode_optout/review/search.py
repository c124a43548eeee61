"""Find a request by what somebody writes or reads out: reference, login, name, GitHub's number, an address."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from bigcode_optout.accounts.models import GitHubIdentity
from bigcode_optout.core.references import parse_reference
from bigcode_optout.names import NameRefused, fold, parse
from bigcode_optout.removals.models import RemovalRequest, ScopeItem

# SQLite's and PostgreSQL's largest bigint; a longer number is nobody's.
_LARGEST = 2**63 - 1
# Python refuses to read very long numbers with an error of its own.
_DIGITS = len(str(_LARGEST))


def find_requests(requests: QuerySet[RemovalRequest], text: str) -> QuerySet[RemovalRequest]:
    """The requests that `text` means: one by its reference, else every one whose person or scope it names."""
    typed = text.strip()
    reference = parse_reference(typed)
    if reference and requests.filter(reference=reference).exists():
        return requests.filter(reference=reference)
    key = _name_key(typed)
    condition = Q(reference__istartswith=typed) | Q(requester__username__iexact=typed)
    condition |= _has_identity(Q(login_key__startswith=key)) | _has_item(Q(name_key__contains=key))
    if typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS and int(typed) <= _LARGEST:
        number = int(typed)
        condition |= _has_identity(Q(github_id=number))
        condition |= _has_item(Q(owner_id=number) | Q(repository_id=number) | Q(claim__subject_id=number))
    return requests.filter(condition)


def _name_key(typed: str) -> str:
    """The folded name, also of a pasted GitHub address; what is no name is looked for as it stands."""
    try:
        return parse(typed).key
    except NameRefused:
        return fold(typed)


def _has_identity(condition: Q) -> Q:
    return Q(Exists(GitHubIdentity.objects.filter(condition, user=OuterRef("requester"))))


def _has_item(condition: Q) -> Q:
    return Q(Exists(ScopeItem.objects.filter(condition, request=OuterRef("pk"))))
