"""What a receipt says of a request: what was asked, word for word, its fingerprint, what was decided and found.

`releases.receipts` adds the lists and proofs, and signs."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bigcode_optout.accounts.queries import identities_of
from bigcode_optout.removals.models import LocateRun, RemovalRequest, ScopeItem
from bigcode_optout.removals.private_links import statement_of
from bigcode_optout.removals.queries import Finding, findings_of, parts_of

FORMAT_VERSION = 2


def canonical_text(request: RemovalRequest, items: Iterable[ScopeItem]) -> str:
    """The request as text: UTF-8, every line ended by one line feed, its items in a fixed order. Stored at
    submission."""
    assert request.submitted_at is not None
    numbers = ", ".join(f"github:{identity.github_id}" for identity in identities_of(request.requester))
    ordered = sorted(items, key=lambda item: (item.kind != ScopeItem.Kind.REPOSITORY, item.name_key))
    lines = [
        f"reference: {request.reference}",
        f"dataset: {request.dataset.slug}",
        f"received_at: {request.submitted_at:%Y-%m-%dT%H:%M:%SZ}",
        f"requester: {numbers or _without_account(request)}",
        "items:",
        *(f"- {item.kind} {item.name} {' '.join(item.kinds)}" for item in ordered),
    ]
    return "".join(f"{line}\n" for line in lines)


def _without_account(request: RemovalRequest) -> str:
    """Who asked by the form, with an address that was confirmed; else a member of staff."""
    return "without a GitHub account" if statement_of(request) else "staff"


def fingerprint(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_json(request: RemovalRequest) -> dict[str, Any]:
    """What the request itself knows, for a program. `canonical_sha256` is of `canonical_text` in UTF-8.

    Each item says what was decided and by what, when it was frozen and fulfilled, and what each version held of it when
    it was searched; a figure that a version does not record is None, never 0.
    """
    assert request.submitted_at is not None and request.due_at is not None
    findings = findings_of(request)
    return {
        "type": "removal-request-receipt",
        "format_version": FORMAT_VERSION,
        "reference": request.reference,
        "dataset": request.dataset.slug,
        "received_at": at(request.submitted_at),
        "decision_due_at": at(request.due_at),
        "decided_at": at(request.decided_at),
        "state": request.state,
        "items": [_item(item, findings[item.pk]) for item in parts_of(request)],
        "canonical_text": request.canonical_text,
        "canonical_sha256": request.canonical_sha256,
    }


def _item(item: ScopeItem, findings: Iterable[Finding]) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "name": item.name,
        "owner_id": item.owner_id,
        "repository_id": item.repository_id,
        "scope_kinds": item.kinds,
        "state": item.state,
        "proof": item.proof_state,
        "decision": _decision(item),
        "frozen_at": at(item.frozen_at),
        "fulfilled_at": at(item.fulfilled_at),
        "found": [_found(finding) for finding in findings],
    }


def _decision(item: ScopeItem) -> dict[str, Any] | None:
    """The one that counts; None while it is open. A reviewer is not named."""
    newest = next(iter(item.decisions.all()), None)
    if newest is None or item.state == ScopeItem.ItemState.OPEN:
        return None
    return {
        "verdict": newest.verdict,
        "reason": newest.reason,
        "sentence": newest.sentence,
        "decided_by": "rule" if newest.rule else "reviewer",
        "rule": newest.rule or None,
        "decided_at": at(newest.decided_at),
    }


def _found(finding: Finding) -> dict[str, Any]:
    version = finding.run.version
    is_searched = finding.run.state == LocateRun.RunState.DONE
    return {
        "version": version.name,
        "searched_at": at(finding.run.finished_at) if is_searched else None,
        "repositories": finding.repository_count if is_searched else None,
        "files": finding.file_count if is_searched and version.has_file_counts else None,
        "bytes": finding.byte_count if is_searched and version.has_sizes else None,
    }


def at(moment: datetime | None) -> str | None:
    """`2026-11-09T10:13:52Z`, or None."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None
