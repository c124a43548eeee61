"""What a release manager goes through for a release, from the queue to the published version: one line a point."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from bigcode_optout.exclusionlist import FORMATS
from bigcode_optout.releases import readiness
from bigcode_optout.releases.changes import waiting_by_state
from bigcode_optout.releases.counted import kinds_to_verify, verified
from bigcode_optout.releases.elsewhere import KIND_WORDS
from bigcode_optout.releases.models import Publication, Release, ReleaseState
from bigcode_optout.releases.queries import newest_frozen, unexpected_by_version
from bigcode_optout.releases.receipts import signing_key_id
from bigcode_optout.removals.models import RequestState
from bigcode_optout.review.words import STATES, Mark

DONE, TO_DO, LOOK = Mark("Done", "good", True), Mark("To do", "us"), Mark("Look at it", "wait")
FAILED, LATER = Mark("Failed", "bad", True), Mark("Later")
_OPEN = ReleaseState.OPEN
_AFTER_FREEZE = tuple(state for state in ReleaseState.values if state != _OPEN)
_GIVEN = tuple(state for state in _AFTER_FREEZE if state != ReleaseState.FROZEN)
_WAITING = (RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.NEEDS_INFORMATION)


@dataclass(frozen=True)
class Point:
    """One line: a mark, what it is about, how it stands, and links (words and address)."""

    title: str
    mark: Mark
    sentence: str
    links: Sequence[tuple[str, str]] = ()


def points_of(release: Release, *, sees_requests: bool) -> list[Point]:
    """Each point in the order of work. About ten queries. `sees_requests`: whether links into the queue are of use."""
    publication = Publication.objects.filter(release=release).first()
    return [
        _waiting(release, sees_requests=sees_requests),
        *_before_freeze(release),
        *_back_in(release),
        _frozen(release),
        _key(),
        _exports(release),
        _handed_over(release),
        *_verifications(release, publication),
        _published(release, publication),
    ]


def _waiting(release: Release, *, sees_requests: bool) -> Point:
    counts = waiting_by_state(release)
    told = [f"{STATES[state].word}: {counts[state]:,}" for state in _WAITING if counts.get(state)]
    queue = reverse("admin:removals_removalrequest_changelist")
    links = [
        (STATES[state].word, f"{queue}?waiting=all&state={state}") for state in _WAITING if counts.get(state)
    ]
    title = "What still waits"
    if not told:
        return Point(title, DONE, "No request waits for a decision.")
    later = (
        "They are not on this list." if release.state != _OPEN else "What is not accepted is not on the list."
    )
    return Point(title, LOOK, f"{'; '.join(told)}. {later}", links if sees_requests else ())


def _before_freeze(release: Release) -> Iterator[Point]:
    if release.state != _OPEN:
        return
    page = reverse("admin:releases_release_change", args=[release.pk])
    warning = readiness.warning(release)
    asked = warning or "GitHub was asked again about everything that stands."
    yield Point(
        "Public facts, asked again",
        TO_DO if warning else DONE,
        asked,
        [("Preparation", f"{page}#preparation")],
    )
    doubted = readiness.in_doubt(release, newest_frozen(release.dataset.slug))
    references = sorted({item.request.reference or "" for item in doubted})
    yield Point(
        "Contradictions",
        TO_DO if references else DONE,
        f"A reviewer has to decide before a freeze is possible: {', '.join(references)}."
        if references
        else "Nothing of the list before waits for a decision.",
    )
    old = readiness.old_roles_of(release)
    yield Point(
        "Roles shown long ago",
        LOOK if old else DONE,
        f"{len(old):,} rest on a role that was shown more than 180 days ago. They stand; their people are asked once."
        if old
        else "Every role was shown within 180 days.",
        [("Which", f"{page}#preparation")] if old else (),
    )


def _back_in(release: Release) -> Iterator[Point]:
    by_version = unexpected_by_version(release.dataset.slug)
    mine = [(name, by_version[name]) for name in release.version_names if name in by_version]
    if mine:
        held = " and ".join(f"{count:,} repositories stand in {name} itself" for name, count in mine)
        yield Point(
            "Excluded, and in this version",
            FAILED,
            f"{held}, as our own search says. It is published only if you say so; requests about them stay accepted.",
            [("Which", reverse("admin:releases_reappearance_changelist") + "?is_unexpected__exact=1")],
        )
    back = sum(by_version.values())
    found = reverse("admin:releases_reappearance_changelist") + "?is_unexpected__exact=1"
    yield Point(
        "Back although excluded",
        LOOK if back else DONE,
        f"{back:,} repositories stand in a version that should be without them."
        if back
        else "No version holds what it should be without.",
        [("Which", found)] if back else (),
    )


def _frozen(release: Release) -> Point:
    if release.state == _OPEN:
        planned = release.freeze_planned_at
        day = f"Planned for {planned.day} {planned:%B %Y}." if planned else "No day is planned."
        taken = "Every accepted part goes on the list, and all that stands on the one before."
        return Point("Freeze", TO_DO, f"{day} {taken}")
    return Point(
        "Freeze", DONE, f"{release.rule_count or 0:,} rules. SHA-256 {release.canonical_sha256[:16]}…"
    )


def _key() -> Point:
    key_id = signing_key_id()
    if key_id:
        return Point("Signing key", DONE, f"Lists and receipts are signed with the key {key_id}.")
    return Point("Signing key", TO_DO, "No key is configured: lists and receipts are not signed.")


def _exports(release: Release) -> Point:
    title = "Exports"
    if release.state == _OPEN:
        return Point(title, LATER, "Written after the freeze.")
    written = set(release.exports.values_list("format", flat=True))
    missing = [format for format in FORMATS if format not in written]
    if missing:
        return Point(title, TO_DO, f"Not written yet: {', '.join(missing)}.")
    return Point(title, DONE, f"Written: {', '.join(sorted(written))}.")


def _handed_over(release: Release) -> Point:
    if release.state in _GIVEN:
        return Point("Hand-over", DONE, "The builders have the list, the requesters were told.")
    return Point(
        "Hand-over", TO_DO if release.state == ReleaseState.FROZEN else LATER, "Not handed over yet."
    )


def _verifications(release: Release, publication: Publication | None) -> Iterator[Point]:
    if release.state not in _GIVEN:
        yield Point("Verification", LATER, "After the hand-over, over the files that are to come out.")
        return
    if release.state == ReleaseState.FAILED:
        yield Point("Verification", FAILED, "Something excluded was found. A patch release takes its place.")
        return
    names = release.version_names
    shown = [verified(release, version) for version in names]
    kept = {kind for each in shown for kind in each.kinds}
    authorless = {kind for each in shown for kind in each.authorless}
    absent = publication.absent_kinds if publication else []
    for kind in kinds_to_verify(release) or ["files"]:
        title = f"Verification of {KIND_WORDS[kind]}"
        if kind in authorless:
            nobody = (
                "Rows name nobody, so only repositories were compared. Nothing is said to owners about them."
            )
            yield Point(title, LOOK, f"A clean report is kept. {nobody}")
        elif kind in kept:
            yield Point(title, DONE, "A clean report is kept.")
        elif kind in absent:
            yield Point(title, DONE, "Not needed: it was published as having none.")
        else:
            yield Point(title, TO_DO, "No clean report yet.")


def _published(release: Release, publication: Publication | None) -> Point:
    if publication is None:
        mark = TO_DO if release.state == ReleaseState.VERIFIED else LATER
        return Point("Published", mark, "The version is not out yet.")
    told = f"{publication.done_count:,} of {publication.request_count:,} requests are done."
    return Point(
        "Published", DONE if publication.finished_at else TO_DO, f"{publication.version} is out. {told}"
    )
