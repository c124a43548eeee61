"""The receipt: what was asked, word for word, and its fingerprint."""

import hashlib
from typing import Any

from bigcode_optout.accounts.queries import identities_of
from bigcode_optout.removals.models import RemovalRequest, ScopeItem
from bigcode_optout.removals.private_links import statement_of


def canonical_text(request: RemovalRequest) -> str:
    """The request as text: UTF-8, every line ended by one line feed, items in a fixed order. Stored at submission."""
    assert request.submitted_at is not None
    numbers = ", ".join(f"github:{identity.github_id}" for identity in identities_of(request.requester))
    items = sorted(
        request.items.all(), key=lambda item: (item.kind != ScopeItem.Kind.REPOSITORY, item.name_key)
    )
    lines = [
        f"reference: {request.reference}",
        f"dataset: {request.dataset.slug}",
        f"received_at: {request.submitted_at:%Y-%m-%dT%H:%M:%SZ}",
        f"requester: {numbers or _without_account(request)}",
        "items:",
        *(f"- {item.kind} {item.name} {' '.join(item.kinds)}" for item in items),
    ]
    return "".join(f"{line}\n" for line in lines)


def _without_account(request: RemovalRequest) -> str:
    """Who asked by the form, with an address that was confirmed; else a member of staff."""
    return "without a GitHub account" if statement_of(request) else "staff"


def fingerprint(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_json(request: RemovalRequest) -> dict[str, Any]:
    """The receipt for a program. `canonical_sha256` is of `canonical_text` in UTF-8."""
    assert request.submitted_at is not None and request.due_at is not None
    return {
        "type": "removal-request-receipt",
        "format_version": 1,
        "reference": request.reference,
        "dataset": request.dataset.slug,
        "received_at": f"{request.submitted_at:%Y-%m-%dT%H:%M:%SZ}",
        "decision_due_at": f"{request.due_at:%Y-%m-%dT%H:%M:%SZ}",
        "state": request.state,
        "items": [
            {
                "kind": item.kind,
                "name": item.name,
                "owner_id": item.owner_id,
                "repository_id": item.repository_id,
                "scope_kinds": item.kinds,
                "state": item.state,
                "proof": item.proof_state,
            }
            for item in request.items.all()
        ],
        "canonical_text": request.canonical_text,
        "canonical_sha256": request.canonical_sha256,
    }
