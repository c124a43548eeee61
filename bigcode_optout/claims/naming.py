"""Keep what GitHub calls accounts and repositories, so that a name which is left has its last day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from bigcode_optout.claims.models import KnownName
from bigcode_optout.core import clock
from bigcode_optout.names import fold

# Few enough values at a time for one query’s parameters.
_CHUNK = 500


@transaction.atomic
def keep_name(*, kind: KnownName.Of, number: int, name: str) -> None:
    """GitHub has just called the number so: any other name it had is left."""
    now, key = clock.now(), fold(name)
    known = KnownName.objects.filter(kind=kind, number=number, left_at=None)
    known.exclude(name_key=key).update(left_at=now)
    KnownName.objects.bulk_create(
        [KnownName(kind=kind, number=number, name=name, name_key=key, last_seen_at=now)],
        update_conflicts=True,
        unique_fields=["kind", "number", "name_key"],
        update_fields=["name", "last_seen_at", "left_at"],
    )


def keep_earlier(kind: KnownName.Of, said: Mapping[int, tuple[str, datetime]]) -> None:
    """Keep name and time of what GitHub said before names were kept, where no name of the number is known."""
    known = {each.number for each in _known(kind, list(said))}
    KnownName.objects.bulk_create(
        (
            KnownName(kind=kind, number=number, name=name, name_key=fold(name), last_seen_at=at)
            for number, (name, at) in said.items()
            if number not in known
        ),
        batch_size=_CHUNK,
        ignore_conflicts=True,
    )


@transaction.atomic
def leave_names(*, kind: KnownName.Of, number: int, name: str, seen_at: datetime) -> None:
    """GitHub has just said that there is no such number: every name it had is left.

    `name` and `seen_at` are what it was called and when that was last so, as far as the caller knows.
    """
    known = KnownName.objects.filter(kind=kind, number=number)
    if not known.exists():
        KnownName.objects.create(kind=kind, number=number, name=name, last_seen_at=seen_at)
    known.filter(left_at=None).update(left_at=clock.now())


def names_of(kind: KnownName.Of, number: int, *, since: datetime) -> list[KnownName]:
    """The names that the number had since then, the last one first."""
    return list(KnownName.objects.filter(kind=kind, number=number, last_seen_at__gte=since))


def is_gone(kind: KnownName.Of, number: int) -> bool:
    """True when GitHub said last that there is no such number."""
    known = KnownName.objects.filter(kind=kind, number=number)
    return known.exists() and not known.filter(left_at=None).exists()


def current_names(kind: KnownName.Of, numbers: Sequence[int]) -> dict[int, KnownName]:
    """What GitHub last called each number, where it still has it."""
    return {known.number: known for known in _known(kind, numbers) if known.left_at is None}


def _known(kind: KnownName.Of, numbers: Sequence[int]) -> Iterator[KnownName]:
    for start in range(0, len(numbers), _CHUNK):
        yield from KnownName.objects.filter(kind=kind, number__in=numbers[start : start + _CHUNK])
