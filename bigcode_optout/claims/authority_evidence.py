"""Keep as a proof what GitHub said about located repositories, row by row. Written while a request is judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bigcode_optout.claims.authority import Assessment, Verdict
from bigcode_optout.claims.authority_words import led_in_words
from bigcode_optout.claims.models import Claim, ClaimKind, LoginFact, Proof
from bigcode_optout.claims.services import PROOF_LIFE
from bigcode_optout.core import clock

_SENTENCE_LENGTH = 400


@dataclass(frozen=True)
class Asked:
    """One question to GitHub and its answer: a repository by number or by name; ids are None where it knows none."""

    question: str
    repository_id: int | None
    owner_id: int | None
    answered_at: datetime

    def as_list(self) -> list[Any]:
        """For the evidence's JSON: question, repository's number, owner's number, time."""
        return [self.question, self.repository_id, self.owner_id, self.answered_at.isoformat()]


def keep_repositories(
    *, claim: Claim, assessment: Assessment, asked: Iterable[Asked], login: LoginFact | None = None
) -> Proof | None:
    """Add what was asked about the located repositories of an owner, or nothing when it says the same as the last one.

    Of a former login this is its proof; of any other owner it stands beside the proof of the role, as evidence.
    `login`: who has the former login today.
    """
    is_former = claim.kind == ClaimKind.FORMER_LOGIN
    method = Proof.Method.FORMER_LOGIN if is_former else Proof.Method.REPOSITORIES
    versions = assessment.as_dict()["versions"]
    evidence: dict[str, Any] = {
        "owner_id": claim.subject_id,
        "versions": versions,
        "asked": [each.as_list() for each in asked],
    }
    if login is not None:
        evidence |= _about_login(login)
    last = next((proof for proof in claim.proofs.all() if proof.method == method), None)
    if last is not None and _without_times(last.evidence) == _without_times(evidence):
        return None
    at = clock.now()
    return Proof.objects.create(
        claim=claim,
        method=method,
        outcome=_outcome(assessment) if is_former else Proof.Outcome.EVIDENCE,
        evidence=evidence,
        sentence=_sentence(versions, is_former=is_former, name=claim.name),
        checked_at=at,
        expires_at=at + PROOF_LIFE,
    )


def _outcome(assessment: Assessment) -> Proof.Outcome:
    return Proof.Outcome.PROVEN if assessment.verdict is Verdict.PROVEN else Proof.Outcome.NOT_PROVEN


def _about_login(login: LoginFact) -> dict[str, Any]:
    made_at = login.account_created_at
    return {
        "login": login.login_key,
        "login_account_id": login.account_id,
        "login_account_created_at": made_at.isoformat() if made_at else None,
        "login_read_at": login.learned_at.isoformat(),
    }


def _without_times(evidence: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in evidence.items() if key != "login_read_at"}
    return kept | {"asked": [row[:3] for row in evidence.get("asked", [])]}


def _sentence(versions: Mapping[str, Mapping[str, int]], *, is_former: bool, name: str) -> str:
    told = "; ".join(
        f"{version}: {words}" for version, found in versions.items() if (words := led_in_words(found))
    )
    if told:
        return f"{told}."[:_SENTENCE_LENGTH]
    return f"No version holds anything under {name}." if is_former else "No version holds anything of it."
