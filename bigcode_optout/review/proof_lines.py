"""The proofs of a claim in full, as a reviewer reads them: every field that mattered, every question that was asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from bigcode_optout.claims.authority_words import led_in_words
from bigcode_optout.claims.models import Claim, Proof
from bigcode_optout.claims.queries import with_superseded
from bigcode_optout.review.words import EVIDENCE

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T")


@dataclass(frozen=True)
class AskedLine:
    """One question to GitHub about a repository, with the numbers that it answered; None where it knows none."""

    question: str
    repository_id: int | None
    owner_id: int | None
    answered_at: Any


@dataclass(frozen=True)
class ProofLine:
    """A proof with its evidence in words. `is_superseded`: a later answer by the same method took its place."""

    proof: Proof
    is_superseded: bool
    fields: list[tuple[str, str]]
    asked: list[AskedLine] = field(default_factory=list)


def proof_lines(claim: Claim) -> list[ProofLine]:
    """The claim's proofs, newest first. Its `proofs` are read."""
    return [
        ProofLine(proof, is_superseded, list(_fields(proof)), _asked(proof))
        for proof, is_superseded in with_superseded(claim.proofs.all())
    ]


def _fields(proof: Proof) -> Iterator[tuple[str, str]]:
    for key, value in proof.evidence.items():
        if key == "versions":
            yield from (
                (version, words) for version, found in value.items() if (words := led_in_words(found))
            )
        elif key != "asked":
            yield EVIDENCE.get(key, key.replace("_", " ")), _in_words(value)


def _asked(proof: Proof) -> list[AskedLine]:
    rows = proof.evidence.get("asked", [])
    return [AskedLine(question, number, owner, parse_datetime(at)) for question, number, owner, at in rows]


def _in_words(value: object) -> str:
    if value is None:
        return "not said"
    if isinstance(value, bool):
        return "yes" if value else "no"
    at = parse_datetime(text) if _TIME.match(text := str(value)) else None
    return date_format(at, "j F Y") if at else text
