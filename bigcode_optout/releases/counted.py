"""Which reports count for a version of a release, and for which scope kinds."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.releases.models import Release, Verification

KINDS = ("files", "commits", "issues")


def counted_reports(release: Release, version: str) -> QuerySet[Verification]:
    """Clean reports over files of `version`. Once its index is here, those made for another data date do not count."""
    known = DatasetVersion.objects.filter(dataset=release.dataset_id, name=version)
    other = Exists(known.exclude(data_date=OuterRef("data_date")))
    found = release.verifications.filter(has_passed=True, dataset_version=version).defer("report")
    return found.exclude(Q(data_date__isnull=False) & other)


@dataclass(frozen=True)
class Verified:
    """The scope kinds of which a report counts, in their fixed order; `authorless` are those of which one was over rows
    that name nobody: there a person's own work in the repositories of others was not looked for, so an owner's part is
    not shown to be left out as to them."""

    kinds: Sequence[str]
    authorless: Sequence[str]


def verified(release: Release, version: str) -> Verified:
    """What the reports over files of `version` show. One query."""
    rows = (
        counted_reports(release, version)
        .order_by()
        .values_list("scope_kind")
        .annotate(Max("rows_without_login"))
    )
    most = dict(rows)
    return Verified([kind for kind in KINDS if kind in most], [kind for kind in KINDS if most.get(kind)])


def kinds_to_verify(release: Release) -> list[str]:
    """The scope kinds that the dataset honours and a rule of the frozen list asks for."""
    honoured = release.dataset.honoured_kinds
    return [kind for kind in KINDS if kind in honoured and release.exclusions.filter(**{kind: True}).exists()]
