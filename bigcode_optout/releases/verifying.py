"""Record what a check over the dataset's files showed: the release is verified, or it failed."""

import dataclasses
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Refused
from bigcode_optout.exclusionlist import KeyRefused, KeySet, SignatureRefused
from bigcode_optout.exclusionlist.receipt import SIGNATURE, check_receipt
from bigcode_optout.releases import events
from bigcode_optout.releases.models import Exclusion, Finding, Release, Verification
from bigcode_optout.releases.reports import Found, Report, read_report
from bigcode_optout.releases.services import rules_of
from bigcode_optout.removals import services as removals
from bigcode_optout.removals.models import ScopeItem


@transaction.atomic
def record(*, release_id: int, report: bytes, by: User | None) -> Verification:
    """Keep the report of `exclusionlist verify` over files of the version that the release is for; the release is then
    verified, or, with findings, failed. The same bytes again give the row that is kept.

    `by` is None for scripts. Raises `Forbidden`; `Refused` for what is no report, proves nothing, or is of another list
    or dataset version; `Conflict` when the release's state does not allow it.
    """
    events.require_permission(by, "verify")
    read = read_report(report)
    release = events.locked(release_id)
    kept = Verification.objects.filter(report_sha256=read.sha256).first()
    if kept is not None:
        if kept.release_id != release.pk:
            raise Refused("report_of_another", f"This report was recorded for {kept.release} before.")
        return kept
    _require_belongs(release, read)
    _require_day(release, read)
    verb = "verify" if read.has_passed else "fail"
    events.require(release, verb, by=by)
    key_id = _signed_by(read)
    verification = _keep(release, read, key_id=key_id, by=by)
    data = {"verification": verification.pk, "report_sha256": read.sha256, "findings": len(read.findings)}
    events.move(release, verb, by=by, data=data)
    if read.findings:
        _keep_findings(verification, read)
    return verification


def _require_belongs(release: Release, read: Report) -> None:
    if read.list_sha256 != release.canonical_sha256 or read.release != release.name:
        raise Refused(
            "other_list",
            f"The report is of the list of {read.release} with the SHA-256 {read.list_sha256}, "
            f"not of the list that was frozen for {release}.",
        )
    if read.dataset_version not in release.version_names:
        raise Refused(
            "other_version",
            f"The report is of the dataset version {read.dataset_version}; the list is for "
            f"{' or '.join(release.version_names)}.",
        )
    if read.shared_content != release.shared_content:
        raise Refused(
            "other_choice",
            f"The report treats shared content as {read.shared_content!r}; the list says {release.shared_content}.",
        )


def _require_day(release: Release, read: Report) -> None:
    """With another data date, names with a last day would have counted, or not counted, that should not, or should."""
    # Whoever checked may be a day ahead of us.
    if read.checked_on > clock.today() + timedelta(days=1):
        raise Refused(
            "day_to_come", f"The report says that it was made on {read.checked_on}: that day is to come."
        )
    if read.data_date is None:
        dated = release.exclusions.filter(name_valid_until__isnull=False, **{read.scope_kind: True})
        if dated.exists():
            raise Refused(
                "no_data_date",
                "The list has names with a last day, and the report has no data date. Run verify with it.",
            )
        return
    if read.data_date > clock.today():
        raise Refused("day_to_come", f"The report's data date is {read.data_date}: that day is to come.")
    known = DatasetVersion.objects.filter(dataset=release.dataset_id, name=read.dataset_version).first()
    if known is not None and known.data_date != read.data_date:
        raise Refused(
            "other_data_date",
            f"The report was made for data of {read.data_date}; by its index {known} stands for {known.data_date}.",
        )


def _signed_by(read: Report) -> str:
    """The key of a signed report, which must be one that is trusted here; empty for a report that is not signed."""
    if SIGNATURE not in read.document:
        return ""
    if not settings.VERIFIER_KEYS_FILE:
        raise Refused(
            "signature_unknown",
            "The report is signed, and no keys of verifiers are configured here (VERIFIER_KEYS_FILE).",
        )
    try:
        keys = KeySet.from_json(Path(settings.VERIFIER_KEYS_FILE).read_bytes())
        return check_receipt(read.document, keys)
    except OSError as error:
        raise Conflict("verifier_keys", f"The keys of verifiers cannot be read: {error.strerror}.") from error
    except (KeyRefused, SignatureRefused) as error:
        raise Refused("signature_wrong", str(error)) from error


def _keep(release: Release, read: Report, *, key_id: str, by: User | None) -> Verification:
    return Verification.objects.create(
        release=release,
        report_sha256=read.sha256,
        report=read.document,
        has_passed=read.has_passed,
        schema=read.schema,
        scope_kind=read.scope_kind,
        dataset_version=read.dataset_version,
        data_date=read.data_date,
        checked_on=read.checked_on,
        file_count=read.files,
        row_count=read.rows_scanned,
        rows_without_login=read.rows_without_login,
        rows_left=read.rows_left,
        events_left=read.events_left,
        has_control=read.has_control,
        tool=read.tool,
        key_id=key_id,
        recorded_at=clock.now(),
        recorded_by=by,
    )


def _keep_findings(verification: Verification, read: Report) -> None:
    """Find the rules again, and tell the requests that they stand on."""
    rules = rules_of(verification.release)
    rows = []
    for found in read.findings:
        rule = rules[found.rule] if found.rule < len(rules) else None
        if rule is None or (rule.kind, rule.name_key, rule.repo_id) != _key(found):
            raise Refused(
                "other_rules",
                f"The report's finding about {found.kind} {found.name_key} is no rule of the list.",
            )
        exclusion = Exclusion.objects.get(release=verification.release, **dataclasses.asdict(rule))
        rows.append(
            Finding(
                verification=verification,
                exclusion=exclusion,
                row_count=found.rows,
                event_count=found.events,
                shard_count=found.shards_in_all,
                first_shard=found.first_shard,
            )
        )
    Finding.objects.bulk_create(rows)
    concerned = ScopeItem.objects.filter(exclusions__findings__verification=verification)
    removals.tell_found_left(
        items=concerned.distinct().order_by("request_id", "pk"), release=verification.release.name
    )


def _key(found: Found) -> tuple[str, str, int | None]:
    return found.kind, found.name_key, found.repo_id
