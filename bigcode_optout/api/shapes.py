"""The JSON of the look-up. Figures that a version does not have are null, never 0."""

from collections.abc import Iterable
from typing import Any

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.catalog.short_answer import ShortAnswer
from bigcode_optout.core.errors import DomainError
from bigcode_optout.datasetindex import IndexedRepository
from bigcode_optout.names import NameRefused, OwnerName, RepositoryName

Body = dict[str, Any]


def answer_body(dataset: str, name: OwnerName | RepositoryName, answers: Iterable[ShortAnswer]) -> Body:
    """`name` as it was understood; one object a version, the newest data first."""
    return {
        "dataset": dataset,
        "name": name.shown,
        "kind": "owner" if isinstance(name, OwnerName) else "repository",
        "versions": [_version(answer) for answer in answers],
    }


def _version(answer: ShortAnswer) -> Body:
    version, totals = answer.version, answer.totals
    return {
        "version": version.name,
        "data_date": version.data_date.isoformat(),
        "deduplicated": version.deduplicated,
        "repository_count": totals.repositories,
        "file_count": totals.files if version.has_file_counts else None,
        "byte_count": totals.bytes if version.has_sizes else None,
        "repositories": [_repository(found, version) for found in answer.first],
        "is_cut": totals.repositories > len(answer.first),
    }


def _repository(found: IndexedRepository, version: DatasetVersion) -> Body:
    has_sizes = version.has_sizes
    return {
        "full_name": found.repo_name,
        "repository_id": found.repo_id,
        "file_count": found.files if version.has_file_counts else None,
        "byte_count": found.bytes if has_sizes else None,
        "languages": [
            {
                "language": share.language,
                "file_count": share.files,
                "byte_count": share.bytes if has_sizes else None,
            }
            for share in found.languages
        ],
        "licences": found.licences,
        "licence_types": found.licence_types,
        "stars": found.stars,
        "is_fork": found.is_fork,
        "forked_from": found.parent,
        "newest": found.newest.isoformat() if found.newest else None,
        "held_as": found.held_as,
        "shared_file_count": found.shared_files,
    }


def refused_body(refused: NameRefused) -> Body:
    """What was wrong with the name, and one that may have been meant; it is not used."""
    return {"error": {"code": refused.code, "sentence": refused.sentence, "suggestion": refused.suggestion}}


def error_body(error: DomainError) -> Body:
    """A stable code and a sentence."""
    return {"error": {"code": error.code, "sentence": error.sentence}}
