"""What the answers hold, as they are described and checked."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema


class Trouble(Schema):
    """What went wrong: a stable code, and a sentence for people."""

    code: str
    sentence: str
    suggestion: str | None = Field(None, description="A name that may have been meant. Of the look-up alone.")


class Problem(Schema):
    """Every answer that is not what was asked for."""

    error: Trouble


class WrittenBody(Schema):
    """A format in which the list is written."""

    format: str
    bytes: int = Field(description="Length of the data file.")
    sha256: str = Field(description="Of the data file, in hexadecimal.")
    lossy_rules: int = Field(description="Rules that the format says only in part.")
    key_id: str | None = Field(description="The key that signed it, or null.")


class CountsBody(Schema):
    """Rules in all, by kind, and by scope kind."""

    rules: int
    by_kind: dict[str, int]
    by_scope_kind: dict[str, int]


class ReleaseBody(Schema):
    """A release. Nothing in it is about a person."""

    name: str
    state: str = Field(description="open, frozen, handed_over, verified, failed or published")
    freeze_planned_at: datetime | None
    frozen_on: date | None
    handed_over_on: date | None
    previous_release: str | None
    rule_count: int | None = Field(description="Null while it is open.")
    counts: CountsBody | None = Field(description="Null until the list is written in a format.")
    canonical_sha256: str | None = Field(description="Of the canonical JSON Lines, equal in every format.")
    formats: list[WrittenBody]
    deltas_from: list[str] = Field(description="Earlier releases from which a delta leads here.")


class ReleasesBody(Schema):
    """All releases of the dataset, the newest first."""

    dataset: str
    releases: list[ReleaseBody]


class VerificationBody(Schema):
    """What was taken from a report."""

    release: str
    state: str
    has_passed: bool = Field(description="Nothing that the list covers was left.")
    rows_left: int
    report_sha256: str


class LanguageBody(Schema):
    """A language's share."""

    language: str
    file_count: int | None
    byte_count: int | None


class RepositoryBody(Schema):
    """A repository as the version has it; null where the version says nothing."""

    full_name: str
    repository_id: int | None
    file_count: int | None
    byte_count: int | None
    languages: list[LanguageBody]
    licences: list[str]
    licence_types: list[str]
    stars: int | None
    is_fork: bool | None
    forked_from: str | None
    newest: date | None
    held_as: list[str]
    shared_file_count: int | None


class VersionBody(Schema):
    """One version: totals, which are sums over the repositories, and the largest of these."""

    version: str
    data_date: date
    deduplicated: str
    repository_count: int
    file_count: int | None
    byte_count: int | None
    repositories: list[RepositoryBody]
    is_cut: bool


class LookUpBody(Schema):
    """What every version holds under a name."""

    dataset: str
    name: str
    kind: str
    versions: list[VersionBody]


class PublicKeyBody(Schema):
    """A key that counts, or did."""

    key_id: str
    algorithm: str
    public_key: str
    valid_from: date
    valid_until: date | None
    revoked_on: date | None


class KeySetBody(Schema):
    """The key set, as `bigcode-exclusions --keys` reads it."""

    format_version: int
    keys: list[PublicKeyBody]


ManifestBody = dict[str, Any]
