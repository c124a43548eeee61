"""Turn file rows in v2's schema into the shapes of the other versions of The Stack.

The values are those of the source; only their arrangement changes. What a shape has and v2 has not (stars of
a fork, contents) is made up from the names, so that a conversion gives the same bytes each time.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

_V1 = """
    SELECT blob_id AS hexsha, size, lang,
           holders[1].repo_name AS max_stars_repo_name, revision_id AS max_stars_repo_head_hexsha,
           holders[1].licences AS max_stars_repo_licenses, holders[1].stars AS max_stars_count,
           holders[least(2, len(holders))].repo_name AS max_issues_repo_name,
           revision_id AS max_issues_repo_head_hexsha,
           holders[least(2, len(holders))].licences AS max_issues_repo_licenses, 1 AS max_issues_count,
           holders[least(3, len(holders))].repo_name AS max_forks_repo_name,
           revision_id AS max_forks_repo_head_hexsha,
           holders[least(3, len(holders))].licences AS max_forks_repo_licenses, 2 AS max_forks_count,
           repeat('x', size % 50) AS content
    FROM (SELECT blob_id, min(size) AS size, min(lang) AS lang, min(revision_id) AS revision_id,
                 list({'repo_name': repo_name, 'licences': licences, 'stars': stars} ORDER BY repo_name) AS holders
          FROM (SELECT blob_id, repo_name, min(length_bytes) AS size, min(language) AS lang,
                       min(blob_id) AS revision_id, any_value(detected_licenses ORDER BY path) AS licences,
                       max(star_events_count) AS stars
                FROM source GROUP BY blob_id, repo_name)
          GROUP BY blob_id)
    ORDER BY hexsha"""

_V2_IDS = """
    SELECT repo_name, github_id, max(star_events_count) AS star_events_count, max(revision_date) AS revision_date,
           list({'blob_id': blob_id, 'path': path, 'content_id': blob_id, 'language': language,
                 'length_bytes': length_bytes, 'detected_licenses': detected_licenses,
                 'license_type': license_type, 'src_encoding': 'UTF-8'} ORDER BY path, blob_id) AS files,
           count(*) AS num_files
    FROM source GROUP BY repo_name, github_id ORDER BY repo_name, github_id"""

_V3 = """
    SELECT repo_name AS repo_path, github_id AS repo_id, min(blob_id) AS commit_id,
           {'branch': 'main', 'commit_count': 1, 'repo_created_at': '2020-01-01T00:00:00Z',
            'is_fork': len(repo_name) % 2 = 0, 'is_org_owned': false,
            'forked_from': CASE WHEN len(repo_name) % 2 = 0 THEN 'upstream/' || split_part(repo_name, '/', 2) END,
            'stars': max(star_events_count)::INTEGER, 'forks': 0, 'issues': 0, 'pull_requests': 0
           } AS github_metadata,
           count(*) AS num_files,
           list({'content_id': blob_id, 'content': repeat('x', length_bytes % 50), 'size_bytes': length_bytes,
                 'file_path': path, 'language': language, 'is_vendor': false, 'license_type': license_type,
                 'detected_licenses': detected_licenses} ORDER BY path, blob_id) AS files
    FROM source GROUP BY repo_name, github_id ORDER BY repo_name, github_id"""

SHAPES = {
    "v1": _V1,
    "v2": "SELECT * FROM source",
    "v2-ids": _V2_IDS,
    "v3": _V3,
    "v3-metadata": f"SELECT * EXCLUDE (files) FROM ({_V3})",
}
"""The SQL of each shape over `source`.

v1: a content becomes one row. Of the repositories that hold it, in order of name, the first is put down as
the one with most stars, the second as the one with most issues and the third as the one with most forks; the
last one there is stands in for those that are missing, and a fourth and later ones are lost, as in v1.
"""


def convert(sources: Sequence[Path], shape: str, target: Path) -> Path:
    """Write all file rows of `sources` in another shape to the Parquet file `target`, and return it."""
    names = ", ".join("'" + str(path).replace("'", "''") + "'" for path in sources)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = str(target).replace("'", "''")
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW source AS FROM read_parquet([{names}], union_by_name = true)")
        connection.execute(f"COPY ({SHAPES[shape]}) TO '{written}' (FORMAT parquet, COMPRESSION zstd)")
    return target
