"""Former logins: what may be taken under a name that the account does not have any more (design, section 6).

Each repository that leads to the account by its number or by GitHub's redirect is proven, it alone. The whole login is
proven in a version only if the login is free or held by an account younger than the data, at least three of its
repositories there resolve, all that resolve are the account's, and they are at least half of those located. Where a
version has a number that GitHub does not know any more, nobody can say whose that repository was, so the whole login
waits (docs/decisions/0002); what is proven one by one does not.
"""

from collections.abc import Mapping, Sequence

from bigcode_optout.claims.authority import (
    Assessment,
    Holder,
    InVersion,
    Located,
    Standing,
    Subject,
    Verdict,
    VersionFinding,
    all_guards,
    finding_of,
    number_guards,
    of_unknown,
    stands_alone,
    subject_guards,
)
from bigcode_optout.claims.authority_guards import Guard
from bigcode_optout.names import fold

WHOLE_LOGIN_RULE = "former_login"
REPOSITORY_RULE = "former_repository"
LEAST_RESOLVED = 3


def assess_former_login(subject: Subject, versions: Sequence[InVersion]) -> Assessment:
    """What is proven of everything under a former login. `subject` is the account that says it had the login."""
    held = [version for version in versions if version.located]
    findings = tuple(_in_version(subject, version) for version in held)
    guards = list(all_guards(subject, findings))
    is_known = subject.is_known and not any(_is_unsearched(version) for version in held)
    is_shown = any(_is_whole(subject, version) for version in held)
    if is_known and not is_shown and not guards:
        guards.append(Guard.LOGIN_NOT_SHOWN)
    alone = _proven_one_by_one(subject, versions) if guards else ()
    verdict = _verdict(subject, findings, guards, alone)
    return Assessment(
        verdict, WHOLE_LOGIN_RULE if verdict is Verdict.PROVEN else "", tuple(guards), findings, alone
    )


def assess_former_repository(subject: Subject, versions: Sequence[InVersion]) -> Assessment:
    """What is proven of one repository that stands under a former login."""
    held = [version for version in versions if version.located]
    findings = tuple(_in_version(subject, version, is_single=True) for version in held)
    guards = list(all_guards(subject, findings))
    alone = _proven_one_by_one(subject, versions)
    if not alone and not guards:
        guards.append(Guard.NOT_CONFIRMED)
    verdict = _verdict(subject, findings, guards, alone)
    return Assessment(verdict, REPOSITORY_RULE if verdict is Verdict.PROVEN else "", tuple(guards), findings)


def _verdict(
    subject: Subject, findings: Sequence[VersionFinding], guards: Sequence[Guard], alone: Sequence[object]
) -> Verdict:
    if not subject.may_decide:
        return Verdict.UNPROVEN
    if Guard.OTHER_OWNER in guards:
        return Verdict.CONTRADICTED
    if not guards:
        return Verdict.PROVEN
    return Verdict.PARTLY if alone or any(one.proven_count for one in findings) else Verdict.UNPROVEN


def _in_version(subject: Subject, version: InVersion, *, is_single: bool = False) -> VersionFinding:
    if not subject.is_known:
        return of_unknown(version)
    clear = [each for each in version.located if stands_alone(subject, version, each)]
    guards = _guards(subject, version)
    is_whole = not is_single and _is_whole(subject, version)
    if not guards and not is_whole and len(clear) < len(version.located):
        guards = [Guard.NOT_CONFIRMED if is_single else Guard.LOGIN_NOT_SHOWN]
    by_id = sum(1 for each in clear if each.has_id)
    by_name = len(version.located) - by_id if is_whole else len(clear) - by_id
    return finding_of(version, by_id, by_name, guards)


def _guards(subject: Subject, version: InVersion) -> list[Guard]:
    """What the version speaks against, before anything is counted."""
    ours = [each for each in version.located if each.standing is Standing.OURS]
    unclear = [each for each in ours if not stands_alone(subject, version, each)]
    is_held = version.login_holder is Holder.OTHER
    fired = {
        Guard.LOGIN_HELD: is_held,
        Guard.TRANSFERRED: not is_held and any(each.holder is not Holder.UNKNOWN for each in unclear),
        Guard.GITHUB_SILENT: version.login_holder is Holder.UNKNOWN and not _is_unsearched(version),
    }
    named = [guard for guard, does_fire in fired.items() if does_fire]
    return list(dict.fromkeys([*number_guards(version), *named]))


def _is_whole(subject: Subject, version: InVersion) -> bool:
    """The four conditions, in one version."""
    clear = sum(1 for each in version.located if stands_alone(subject, version, each))
    return (
        version.login_holder in (Holder.SELF, Holder.NOBODY)
        and not _guards(subject, version)
        and clear >= LEAST_RESOLVED
        and clear * 2 >= len(version.located)
    )


def _is_unsearched(version: InVersion) -> bool:
    return any(each.standing is Standing.UNSEARCHED for each in version.located)


def _proven_one_by_one(subject: Subject, versions: Sequence[InVersion]) -> tuple[tuple[str, int], ...]:
    """Repositories that are proven alone in every version that has their name, always as the same number.

    Empty while anything about the account itself is in doubt.
    """
    if subject_guards(subject):
        return ()
    rows: dict[str, list[tuple[InVersion, Located]]] = {}
    for version in versions:
        for each in version.located:
            rows.setdefault(fold(each.full_name), []).append((version, each))
    return tuple(
        (found[-1][1].full_name, number)
        for found in rows.values()
        if (number := _one_number(found)) is not None
        and all(stands_alone(subject, version, each) for version, each in found)
    )


def _one_number(found: Sequence[tuple[InVersion, Located]]) -> int | None:
    numbers: Mapping[int | None, None] = dict.fromkeys(each.resolved_id for _, each in found)
    return next(iter(numbers)) if len(numbers) == 1 else None
