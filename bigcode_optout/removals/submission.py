"""What a form hands over: frozen values, checked by the verbs, not by the form."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScopeChoice:
    """One part to ask for. `claim_id` is the claim of the requester that it stands on; `name` a login for an owner with
    everything, else owner/name."""

    claim_id: int
    kind: str
    name: str


@dataclass(frozen=True)
class Submission:
    """What is asked for, and of which scope kinds (files, commits, issues)."""

    choices: tuple[ScopeChoice, ...]
    files: bool = True
    commits: bool = True
    issues: bool = True
