"""Who may ask: what is proven by machine (design, section 6). Plain rules over facts, no database and no network.

Only what is fully proven and trips no guard may be accepted without a person. Everything here errs towards a person.
`authority_former` has the rules of former logins, `authority_facts` reads the facts out of what GitHub said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bigcode_optout.claims.authority_guards import GUARD_SENTENCES, Guard

__all__ = [
    "GUARD_SENTENCES",
    "Assessment",
    "Guard",
    "Holder",
    "InVersion",
    "Located",
    "Standing",
    "Subject",
    "Verdict",
    "VersionFinding",
    "assess",
]


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


class Holder(StrEnum):
    """Who has the login that a repository stands under today, as far as it tells whose it was on the day of the data.

    SELF: the account itself. NOBODY: it is free, or taken by an account younger than the data, so whoever had it then
    has left it. OTHER: an account that may have had it then. UNKNOWN: GitHub was not asked or silent.
    """

    SELF = "self"
    NOBODY = "nobody"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Located:
    """A repository found in a version. `has_id`: the version has its number. `under_name`: it stands under the name
    that was asked for (else it was found by its number alone). `resolved_id`: the number that GitHub led to."""

    full_name: str
    has_id: bool
    under_name: bool
    standing: Standing
    holder: Holder = Holder.SELF
    resolved_id: int | None = None


@dataclass(frozen=True)
class InVersion:
    """What one version holds of an item. `login_holder`: who has the login asked for today (for former logins)."""

    name: str
    data_date: date
    located: Sequence[Located]
    login_holder: Holder = Holder.SELF


@dataclass(frozen=True)
class Subject:
    """The account, organisation or repository that the claim is about. `created_at` is None when GitHub did not say.

    `is_known` is False when GitHub was never asked which number the name has: then nothing can be said about rows.
    `is_role_recent`: the role was stated shortly before the request. `is_name_current`: the name asked for is the one
    that GitHub knows the number by. `is_size_known` is False for an organisation whose members could not be counted, so
    that nobody can say that it is small. `is_owner_read`: GitHub said which repositories belong to the owner.
    `is_owner`: it is an account or organisation, whose repositories can have been somebody else's before.
    `has_account` is False when it was asked for without signing in to GitHub.
    """

    is_role_proven: bool
    created_at: datetime | None
    is_large: bool = False
    is_size_known: bool = True
    is_known: bool = True
    is_role_recent: bool = True
    is_name_current: bool = True
    is_owner_read: bool = True
    is_owner: bool = True
    has_account: bool = True

    @property
    def may_decide(self) -> bool:
        """True when the role is proven, of a subject whose number is known, by somebody with an account."""
        return self.is_role_proven and self.is_known and self.has_account

    def is_younger_than(self, data_date: date) -> bool:
        """True when it was made after that day, or GitHub did not say when."""
        return self.created_at is None or self.created_at.date() > data_date


@dataclass(frozen=True)
class VersionFinding:
    """Per version: how many of the located repositories are proven, how many are not and why, and the guards."""

    version: str
    located_count: int
    by_id_count: int
    by_name_count: int
    guards: tuple[Guard, ...] = ()
    gone_count: int = 0
    others_count: int = 0

    @property
    def proven_count(self) -> int:
        """Repositories proven by number or by name."""
        return self.by_id_count + self.by_name_count


@dataclass(frozen=True)
class Assessment:
    """The machine's view of one item. `rule` names what allowed it, and is empty unless the verdict is proven.

    `alone`: repositories (name, number) that are proven one by one though the item as a whole is not.
    """

    verdict: Verdict
    rule: str = ""
    guards: tuple[Guard, ...] = ()
    findings: tuple[VersionFinding, ...] = field(default=())
    alone: tuple[tuple[str, int], ...] = ()

    def as_dict(self) -> dict[str, Any]:
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
                    "gone": finding.gone_count,
                    "others": finding.others_count,
                    "guards": [guard.value for guard in finding.guards],
                }
                for finding in self.findings
            },
            "alone": [list(pair) for pair in self.alone],
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
    distinct = all_guards(subject, findings)
    verdict = _verdict(subject, findings, distinct)
    return Assessment(verdict, rule if verdict is Verdict.PROVEN and not distinct else "", distinct, findings)


def all_guards(subject: Subject, findings: Sequence[VersionFinding]) -> tuple[Guard, ...]:
    """The guards of the versions and then those of the subject, each once."""
    return tuple(
        dict.fromkeys([*(guard for one in findings for guard in one.guards), *subject_guards(subject)])
    )


def subject_guards(subject: Subject) -> list[Guard]:
    """What keeps a rule from accepting, whatever was located: also where nothing was, for a name covers later data."""
    fired = {
        Guard.NO_ACCOUNT: not subject.has_account,
        Guard.ROLE_NOT_PROVEN: subject.has_account and not subject.may_decide,
        Guard.LARGE_ORGANISATION: subject.is_large,
        Guard.MEMBERS_NOT_COUNTED: subject.may_decide and not subject.is_large and not subject.is_size_known,
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
        return of_unknown(version)
    by_id = sum(1 for each in version.located if each.has_id and each.standing is Standing.OURS)
    nameless = [each for each in version.located if not each.has_id]
    guards = number_guards(version)
    name_guards = _name_guards(subject, version, nameless, confirmed)
    by_name = 0 if guards or name_guards else len(nameless)
    return finding_of(version, by_id, by_name, [*guards, *name_guards, *_transfer_guards(subject, version)])


def finding_of(version: InVersion, by_id: int, by_name: int, guards: Sequence[Guard]) -> VersionFinding:
    """The version's figures with the guards, each once."""
    standings = [each.standing for each in version.located]
    return VersionFinding(
        version.name,
        len(standings),
        by_id,
        by_name,
        tuple(dict.fromkeys(guards)),
        gone_count=standings.count(Standing.GONE),
        others_count=standings.count(Standing.OTHERS),
    )


def of_unknown(version: InVersion) -> VersionFinding:
    """Of a subject without a number only whether the version was searched can be said."""
    unsearched = any(each.standing is Standing.UNSEARCHED for each in version.located)
    guards = (Guard.LOCATING_GAVE_UP,) if unsearched else ()
    return VersionFinding(version.name, len(version.located), 0, 0, guards)


def number_guards(version: InVersion) -> list[Guard]:
    """What GitHub's answers about single repositories, or their lack, speak against."""
    standings = {each.standing for each in version.located}
    fired = {
        Guard.OTHER_OWNER: Standing.OTHERS in standings,
        Guard.GITHUB_SILENT: Standing.SILENT in standings,
        Guard.TOO_MANY_TO_ASK: Standing.NOT_ASKED in standings,
        Guard.LOCATING_GAVE_UP: Standing.UNSEARCHED in standings,
        Guard.UNRESOLVED: any(each.has_id and each.standing is Standing.GONE for each in version.located),
    }
    return [guard for guard, does_fire in fired.items() if does_fire]


def stands_alone(subject: Subject, version: InVersion, located: Located) -> bool:
    """True when the repository is proven and nothing says that it was somebody else's on the day of the data.

    A repository that is the owner's today may have been given to it after that day (docs/decisions/0010).
    """
    return (
        located.standing is Standing.OURS
        and located.holder in (Holder.SELF, Holder.NOBODY)
        and not subject.is_younger_than(version.data_date)
    )


def _transfer_guards(subject: Subject, version: InVersion) -> list[Guard]:
    if not subject.is_owner:
        return []
    # A row without a number under today's login is judged by its name.
    proven = [
        each
        for each in version.located
        if each.standing is Standing.OURS and (each.has_id or each.holder is not Holder.SELF)
    ]
    unclear = [each for each in proven if not stands_alone(subject, version, each)]
    is_silent = any(each.holder is Holder.UNKNOWN for each in unclear)
    is_transferred = subject.is_younger_than(version.data_date) or any(
        each.holder is Holder.OTHER for each in unclear
    )
    fired = {Guard.TRANSFERRED: bool(unclear) and is_transferred, Guard.GITHUB_SILENT: is_silent}
    return [guard for guard, does_fire in fired.items() if does_fire]


def _name_guards(
    subject: Subject, version: InVersion, nameless: Sequence[Located], confirmed: bool
) -> list[Guard]:
    under_name = any(each.under_name for each in version.located)
    unproven = [each for each in version.located if not (each.has_id and each.standing is Standing.OURS)]
    is_younger = subject.is_younger_than(version.data_date)
    if unproven and under_name and is_younger:
        return [Guard.NAME_TAKER]
    if not nameless:
        return []
    one_resolves = any(each.standing is Standing.OURS for each in version.located)
    if not (one_resolves or (not is_younger and confirmed)):
        return [Guard.NOT_CONFIRMED]
    return []
