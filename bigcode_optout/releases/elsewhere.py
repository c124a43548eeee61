"""What a request cannot reach, said plainly: on its receipt, on paper and for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.catalog.serving import indexed_versions
from bigcode_optout.releases.counted import verified
from bigcode_optout.releases.models import Publication
from bigcode_optout.removals.models import LocateRun, RemovalRequest, ScopeItem

KIND_WORDS = {"files": "files", "commits": "commits", "issues": "issues and pull requests"}


@dataclass(frozen=True)
class Elsewhere:
    """Something that no list reaches: a code and a sentence."""

    code: str
    sentence: str


def stays_elsewhere(request: RemovalRequest) -> list[Elsewhere]:
    """What this request cannot reach. Few queries for each version that came out."""
    runs = list(request.locate_runs.select_related("version").annotate(found=Count("located")))
    return [*_older_versions(request, runs), *_identical_files(runs), *_authorless(request), *_noted(request)]


def _older_versions(request: RemovalRequest, runs: Sequence[LocateRun]) -> Iterator[Elsewhere]:
    holding = [run.version for run in reversed(runs) if run.found]  # type: ignore[attr-defined] # annotated
    unsearched = _unsearched(request, runs)
    if holding:
        yield Elsewhere(
            "older_versions",
            f"{_names(holding)} held some of it when we searched. A version that is out does not change and cannot be "
            "recalled.",
        )
    if unsearched:
        was = "was" if len(unsearched) == 1 else "were"
        yield Elsewhere(
            "not_searched",
            f"{_names(unsearched)} {was} not searched to the end, so some of it may stand there. A version that is out "
            "does not change and cannot be recalled.",
        )
    if holding or unsearched:
        yield Elsewhere(
            "copies",
            "Copies of these versions that others hold. We do not know who has them, and reach none of them.",
        )
        yield Elsewhere("models", "Models that were trained on them before.")


def _unsearched(request: RemovalRequest, runs: Sequence[LocateRun]) -> list[DatasetVersion]:
    """Where a search did not come to its end; every version while none was begun."""
    if not runs:
        return list(reversed(indexed_versions(request.dataset.slug)))
    return [run.version for run in reversed(runs) if run.state != LocateRun.RunState.DONE]


def _identical_files(runs: Sequence[LocateRun]) -> Iterator[Elsewhere]:
    if near := [run.version for run in reversed(runs) if run.version.deduplicated != "no"]:
        yield Elsewhere(
            "identical_files",
            f"{_names(near)} {'keep' if len(near) > 1 else 'keeps'} each content once, so an identical file may "
            "stand there under the name of another repository. That cannot be measured.",
        )


def _authorless(request: RemovalRequest) -> Iterator[Elsewhere]:
    standing = request.items.exclude(state=ScopeItem.ItemState.DECLINED).filter(kind=ScopeItem.Kind.OWNER)
    asked = {kind for item in standing for kind in item.kinds}
    published = Publication.objects.filter(release__exclusions__items__request=request).distinct()
    for out in published.select_related("release").order_by("published_at") if asked else ():
        kinds = [kind for kind in verified(out.release, out.version).authorless if kind in asked]
        if kinds:
            words = _listing([KIND_WORDS[kind] for kind in kinds])
            yield Elsewhere(
                "authors_unknown",
                f"The {words} of {out.version} do not name who made them. What you made in repositories of others "
                "could not be looked for, and may stand there.",
            )


def _noted(request: RemovalRequest) -> Iterator[Elsewhere]:
    standing = request.items.exclude(state=ScopeItem.ItemState.DECLINED)
    asked = {kind for item in standing for kind in item.kinds}
    honoured = request.dataset.honoured_kinds
    if noted := [words for kind, words in KIND_WORDS.items() if kind in asked and kind not in honoured]:
        yield Elsewhere(
            "noted_kinds",
            f"What you asked about {_listing(noted)} is noted: the next version has none. It counts if a later one "
            "brings them back.",
        )


def _names(versions: Sequence[DatasetVersion]) -> str:
    return _listing([version.name for version in versions])


def _listing(names: Sequence[str]) -> str:
    """`v1.2, v2.1 and v3`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
