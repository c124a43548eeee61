"""Find a request by what somebody writes or reads out: reference, login of today or before, name, number, address."""

from django.db.models import Q, QuerySet

from bigcode_optout.accounts.models import GitHubIdentity
from bigcode_optout.claims.models import KnownName
from bigcode_optout.core.references import parse_reference
from bigcode_optout.names import NameRefused, fold, parse
from bigcode_optout.removals.models import LocatedRepository, RemovalRequest, ScopeItem
from bigcode_optout.review.among import Among

# SQLite's and PostgreSQL's largest bigint; a longer number is nobody's.
_LARGEST = 2**63 - 1
# Python refuses to read very long numbers with an error of its own.
_DIGITS = len(str(_LARGEST))


def condition_for(text: str) -> Q:
    """What holds of the requests that `text` means: of one by its reference, else of every one whose person or scope it
    names. Up to two queries.

    A repository is also found under an owner of whom everything is asked for; a login also when it is a former one.
    """
    typed = text.strip()
    reference = parse_reference(typed)
    if reference and RemovalRequest.objects.filter(reference=reference).exists():
        return Q(reference=reference)
    return Q(Among("pk", list(_numbers(typed))))


def _numbers(typed: str) -> QuerySet[RemovalRequest, int]:
    """The requests' numbers: a set from each place where a name stands, so that each is read by its index."""
    key = _name_key(typed)
    people, items = Q(login_key__startswith=key), Q(name_key__contains=key)
    owner, slash, _ = key.partition("/")
    if slash:
        items |= Q(kind=ScopeItem.Kind.OWNER, name_key=owner)
    else:
        known = _numbers_called(key)
        people |= Q(github_id__in=known)
        items |= Q(owner_id__in=known)
    number = _number(typed)
    if number is not None:
        people |= Q(github_id=number)
        items |= Q(owner_id=number) | Q(repository_id=number) | Q(claim__subject_id=number)
    requests = RemovalRequest.objects.order_by().values_list("pk", flat=True)
    places = [
        requests.filter(requester__username__in={typed, typed.lower()}),
        requests.filter(requester__in=GitHubIdentity.objects.filter(people).order_by().values("user")),
        ScopeItem.objects.filter(items).order_by().values_list("request_id", flat=True),
    ]
    if number is not None:
        located = LocatedRepository.objects.filter(repository_id=number).order_by()
        places.append(located.values_list("run__request_id", flat=True))
    return requests.filter(reference__startswith=typed.upper()).union(*places)


def _number(typed: str) -> int | None:
    """The number that was typed, unless it is nobody's."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS
    return int(typed) if is_number and int(typed) <= _LARGEST else None


def _name_key(typed: str) -> str:
    """The folded name, also of a pasted GitHub address; what is no name is looked for as it stands."""
    try:
        return parse(typed).key
    except NameRefused:
        return fold(typed)


def _numbers_called(key: str) -> QuerySet[KnownName, int]:
    """Accounts and organisations that GitHub knew by this name at some time."""
    known = KnownName.objects.filter(kind=KnownName.Of.OWNER, name_key=key).order_by()
    return known.values_list("number", flat=True)
