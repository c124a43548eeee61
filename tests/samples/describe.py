"""The README that stands beside the sample dataset, with counts taken from its rows."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

TEXT = """# Sample dataset for the demo and the tests

Two versions of a dataset in The Stack v2's schema (26 columns, no file contents), data date 2023-09-06.
Written by `python -m tests.samples.make_sample --real FOLDER`; do not edit by hand.

| version | rows | names | rows with `github_id` |
|---|---|---|---|
{versions}

**Invented**: the repositories of the stand-in's personas under the names they had at the data date
(`fennwick/…` is `brindle-fenn` now, `larkspur-dev/…` belonged to an account that is gone,
`moss-kettering/shared-lab` belongs to `low-tide-club` now, `corvid-lane/…` is `rook-harbour` now, while an
account that was `jackdaw-post` took the login, and `tamsin-vale/…` belonged to an account that is gone).
Paths, hashes, sizes and dates are drawn from a generator seeded by the name. v2.0 has no ids; v2.1 has them
but for `quillon-marsh/dotfiles` and `quillon-marsh/saltmarsh.example`. Some names stand in another letter
case than on GitHub (`Quillon-Marsh/thesis`, `Norrvik-Instruments/Website`, `fennwick/Lichen`). A licence that
is not permissive shows as `no_license`. `fennwick/peat-cutter` has the repository id 4117902, which is also
`quillon-marsh`'s account id: the two number spaces must not be mixed up. `skerry-archive` is there for its
120 repositories.

**Malformed on purpose**: rows without a `repo_name`, with `a/b/c`, and with a Kelvin sign in the owner's
name.

**Real**: the small repositories of a file index in the same schema, read from public git repositories
(names, paths, hashes, sizes and licence labels; no content). Their `github_id` is null, and most revisions
are younger than the data date. File names, hashes and sizes are facts about them; the code itself stays
under the licences named.

| repository | revision | licences found | rows in v2.1 |
|---|---|---|---|
{real}
"""


def describe(tables: dict[str, pa.Table], real_names: Sequence[str]) -> str:
    """The README's text for the tables by version; ``real_names`` are the repositories taken as they are."""
    versions = [
        f"| {version} | {table.num_rows:,} | {pc.count_distinct(table['repo_name']).as_py():,} "
        f"| {table.num_rows - table['github_id'].null_count:,} |"
        for version, table in tables.items()
    ]
    real = [_real_line(tables["v2.1"], name) for name in real_names]
    return TEXT.format(versions="\n".join(versions), real="\n".join(real or ["| none | | | |"]))


def _real_line(table: pa.Table, name: str) -> str:
    rows = table.filter(pc.equal(table["repo_name"], name))
    licences = sorted({licence for row in rows["detected_licenses"].to_pylist() for licence in row})
    return f"| {name} | {rows['revision_id'][0]} | {', '.join(licences) or '–'} | {rows.num_rows} |"
