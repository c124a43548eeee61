"""Who may ask: what is proven by machine (design, section 6). Plain rules over facts, no database and no network.

Only what is fully proven and trips no guard may be accepted without a person. Everything here errs towards a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Guard(StrEnum):
    """A named reason to let a person decide."""

    NAME_TAKER = "name_taker"
    OTHER_OWNER = "other_owner"
    UNRESOLVED = "unresolved"
    NOT_CONFIRMED = "not_confirmed"
    ROLE_NOT_PROVEN = "role_not_proven"
    LARGE_ORGANISATION = "large_organisation"
    GITHUB_SILENT = "github_silent"
    TOO_MANY_TO_ASK = "too_many_to_ask"
    LOCATING_GAVE_UP = "locating_gave_up"
    ROLE_PROVEN_LONG_AGO = "role_proven_long_ago"
    NAME_NOT_CURRENT = "name_not_current"
    OWNER_NOT_READ = "owner_not_read"


GUARD_SENTENCES: dict[Guard, str] = {
    Guard.NAME_TAKER: "It was made on GitHub after the day the data stands for, so the name was somebody else’s then.",
    Guard.OTHER_OWNER: "A repository under this name belongs to another GitHub account.",
    Guard.UNRESOLVED: "A repository with a number no longer exists on GitHub, so its owner cannot be read.",
    Guard.NOT_CONFIRMED: "No repository in the data could be tied to this account.",
    Guard.ROLE_NOT_PROVEN: "GitHub did not state a role that allows this decision.",
    Guard.LARGE_ORGANISATION: "The organisation is large: more than one of its owners should know.",
    Guard.GITHUB_SILENT: "GitHub did not answer, so ownership could not be read.",
    Guard.TOO_MANY_TO_ASK: "There are too many repositories to ask GitHub about each.",
    Guard.LOCATING_GAVE_UP: "A dataset version could not be searched.",
    Guard.ROLE_PROVEN_LONG_AGO: "GitHub stated the role more than a day before the request, so it may have changed.",
    Guard.NAME_NOT_CURRENT: "On GitHub the account has another name by now, so this name may be somebody else’s.",
    Guard.OWNER_NOT_READ: "GitHub did not say what belongs to the account: it was silent, or the account is gone.",
}


class Verdict(StrEnum):
    """What the machine makes of an item."""

    PROVEN = "proven"
    PARTLY = "partly"
    UNPROVEN = "unproven"
    CONTRADICTED = "contradicted"


class Standing(StrEnum):
    """Whose a located repository is, as far as GitHub says."""

    OURS = "ours"
    OTHERS = "others"
    GONE = "gone"
    SILENT = "silent"
    NOT_ASKED = "not_asked"
    UNSEARCHED = "unsearched"


@dataclass(frozen=True)
class Located:
    """A repository found in a version. `has_id`: the version has its number. `under_name`: it stands under the name
    that was asked for (else it was found by its number alone)."""

    full_name: str
    has_id: bool
    under_name: bool
    standing: Standing


@dataclass(frozen=True)
class InVersion:
    """What one version holds of an item."""

    name: str
    data_date: date
    located: Sequence[Located]


@dataclass(frozen=True)
class Subject:
    """The account, organisation or repository that the claim is about. `created_at` is None when GitHub did not say.

    `is_known` is False when GitHub was never asked which number the name has: then nothing can be said about rows.
    `is_role_recent`: the role was stated shortly before the request. `is_name_current`: the name asked for is the one
    that GitHub knows the number by. `is_owner_read`: GitHub said which repositories belong to the owner.
    """

    is_role_proven: bool
    created_at: datetime | None
    is_large: bool = False
    is_known: bool = True
    is_role_recent: bool = True
    is_name_current: bool = True
    is_owner_read: bool = True

    @property
    def may_decide(self) -> bool:
        """True when the role is proven, of a subject whose number is known."""
        return self.is_role_proven and self.is_known


@dataclass(frozen=True)
class VersionFinding:
    """Per version: how many of the located repositories are proven, and the guards that fired."""

    version: str
    located_count: int
    by_id_count: int
    by_name_count: int
    guards: tuple[Guard, ...] = ()

    @property
    def proven_count(self) -> int:
        """Repositories proven by number or by name."""
        return self.by_id_count + self.by_name_count


@dataclass(frozen=True)
class Assessment:
    """The machine's view of one item. `rule` names what allowed it, and is empty unless the verdict is proven."""

    verdict: Verdict
    rule: str = ""
    guards: tuple[Guard, ...] = ()
    findings: tuple[VersionFinding, ...] = field(default=())

    def as_dict(self) -> dict[str, object]:
        """For a JSON column."""
        return {
            "verdict": self.verdict.value,
            "rule": self.rule,
            "guards": [guard.value for guard in self.guards],
            "versions": {
                finding.version: {
                    "located": finding.located_count,
                    "by_id": finding.by_id_count,
                    "by_name": finding.by_name_count,
                    "guards": [guard.value for guard in finding.guards],
                }
                for finding in self.findings
            },
        }


def assess(rule: str, subject: Subject, versions: Sequence[InVersion]) -> Assessment:
    """What is proven about an item whose claim is about `subject`, over all `versions`.

    `rule` is the name that an acceptance would carry: own_account, organisation_owner or repository_administrator.
    """
    confirmed = any(
        located.has_id and located.under_name and located.standing is Standing.OURS
        for version in versions
        for located in version.located
    )
    findings = tuple(_in_version(subject, version, confirmed) for version in versions if version.located)
    guards = [guard for finding in findings for guard in finding.guards]
    if not subject.may_decide:
        guards.append(Guard.ROLE_NOT_PROVEN)
    guards += _subject_guards(subject)
    distinct = tuple(dict.fromkeys(guards))
    verdict = _verdict(subject, findings, distinct)
    return Assessment(verdict, rule if verdict is Verdict.PROVEN and not distinct else "", distinct, findings)


def _subject_guards(subject: Subject) -> list[Guard]:
    """What keeps a rule from accepting, whatever was located: also where nothing was, for a name covers later data."""
    fired = {
        Guard.LARGE_ORGANISATION: subject.is_large,
        Guard.ROLE_PROVEN_LONG_AGO: subject.may_decide and not subject.is_role_recent,
        Guard.NAME_NOT_CURRENT: not subject.is_name_current,
        Guard.OWNER_NOT_READ: not subject.is_owner_read,
    }
    return [guard for guard, does_fire in fired.items() if does_fire]


def _verdict(subject: Subject, findings: Sequence[VersionFinding], guards: Sequence[Guard]) -> Verdict:
    if not subject.may_decide:
        return Verdict.UNPROVEN
    if Guard.OTHER_OWNER in guards or Guard.NAME_TAKER in guards:
        return Verdict.CONTRADICTED
    located = sum(finding.located_count for finding in findings)
    proven = sum(finding.proven_count for finding in findings)
    if proven == located:
        return Verdict.PROVEN
    return Verdict.PARTLY if proven else Verdict.UNPROVEN


def _in_version(subject: Subject, version: InVersion, confirmed: bool) -> VersionFinding:
    """Numbers first; names only for what has no number, and only while nothing speaks against the name."""
    if not subject.is_known:
        unsearched = any(each.standing is Standing.UNSEARCHED for each in version.located)
        guards = [Guard.LOCATING_GAVE_UP] if unsearched else []
        return VersionFinding(version.name, len(version.located), 0, 0, tuple(guards))
    by_id = sum(1 for each in version.located if each.has_id and each.standing is Standing.OURS)
    nameless = [each for each in version.located if not each.has_id]
    guards = _number_guards(version)
    name_guards = _name_guards(subject, version, nameless, confirmed)
    by_name = 0 if guards or name_guards else len(nameless)
    return VersionFinding(
        version.name, len(version.located), by_id, by_name, tuple(dict.fromkeys(guards + name_guards))
    )


def _number_guards(version: InVersion) -> list[Guard]:
    standings = {each.standing for each in version.located}
    fired = {
        Guard.OTHER_OWNER: Standing.OTHERS in standings,
        Guard.GITHUB_SILENT: Standing.SILENT in standings,
        Guard.TOO_MANY_TO_ASK: Standing.NOT_ASKED in standings,
        Guard.LOCATING_GAVE_UP: Standing.UNSEARCHED in standings,
        Guard.UNRESOLVED: any(each.has_id and each.standing is Standing.GONE for each in version.located),
    }
    return [guard for guard, does_fire in fired.items() if does_fire]


def _name_guards(
    subject: Subject, version: InVersion, nameless: Sequence[Located], confirmed: bool
) -> list[Guard]:
    under_name = any(each.under_name for each in version.located)
    unproven = [each for each in version.located if not (each.has_id and each.standing is Standing.OURS)]
    is_younger = subject.created_at is None or subject.created_at.date() > version.data_date
    if unproven and under_name and is_younger:
        return [Guard.NAME_TAKER]
    if not nameless:
        return []
    one_resolves = any(each.standing is Standing.OURS for each in version.located)
    if not (one_resolves or (not is_younger and confirmed)):
        return [Guard.NOT_CONFIRMED]
    return []
