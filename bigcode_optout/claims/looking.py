"""Look for a one-time code where it was to be put. Public reads, as the app; nothing is written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bigcode_optout.accounts.github import client
from bigcode_optout.claims.models import Challenge
from bigcode_optout.githubapi import NotFound
from bigcode_optout.names import fold

FILE_NAME = "bigcode-optout.txt"
# The fields of an organisation's public profile that its owners alone can change (GitHub: “Update an organization”).
PROFILE_FIELDS = ("description", "blog", "location")


@dataclass(frozen=True)
class Look:
    """What one look brought. `end` is None while it is worth looking again."""

    sentence: str
    end: Challenge.End | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


def at_profile(challenge: Challenge) -> Look:
    """Read the organisation's public profile. Raises `GitHubError` other than `NotFound`."""
    try:
        organisation = client().organisation(challenge.name)
    except NotFound:
        return Look(f"GitHub shows no organisation {challenge.name}.")
    if organisation.id != challenge.subject_id:
        return _other(challenge.name, "organisation")
    for name in PROFILE_FIELDS:
        if _has(getattr(organisation, name), challenge.code):
            return Look(
                f"The code stands in the {_SHOWN[name]} of {organisation.login}, which only its owners can change.",
                Challenge.End.FOUND,
                {"organisation_id": organisation.id, "login": organisation.login, "field": name},
            )
    return Look(f"The public profile of {organisation.login} does not have the code.")


def at_file(challenge: Challenge) -> Look:
    """Read the file of the repository. Raises `GitHubError` other than `NotFound`."""
    try:
        repository = client().repository(challenge.name)
    except NotFound:
        return Look(f"GitHub shows no public repository {challenge.name}.")
    if repository.id != challenge.subject_id:
        return _other(challenge.name, "repository")
    try:
        content = client().file_content(repository.full_name, FILE_NAME)
    except NotFound:
        return Look(f"{repository.full_name} has no file {FILE_NAME} on its default branch.")
    if not _has(content.decode("utf-8", "replace"), challenge.code):
        return Look(f"The file {FILE_NAME} of {repository.full_name} does not have the code.")
    return Look(
        f"The code stands in {FILE_NAME} of {repository.full_name}. That shows a say over this repository; "
        "a reviewer weighs it.",
        Challenge.End.FOUND,
        {
            "repository_id": repository.id,
            "full_name": repository.full_name,
            "owner_id": repository.owner_id,
            "path": FILE_NAME,
        },
    )


_SHOWN = {"description": "description", "blog": "web address", "location": "location"}


def _has(text: str | None, code: str) -> bool:
    """Whether the code stands in the text, in any letter case: some fields are rewritten on their way."""
    return fold(code) in fold(text or "")


def _other(name: str, kind: str) -> Look:
    return Look(
        f"On GitHub {name} leads to another {kind} by now than when you got the code, so the code shows nothing. "
        f"Name the {kind} again.",
        Challenge.End.OTHER_SUBJECT,
    )
