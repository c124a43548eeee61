"""Answers are the same with and without look-up store, in one owner bucket and in four, and equal a plain count."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bigcode_optout.datasetindex import Index, IndexedRepository, buckets, build, open_index
from bigcode_optout.datasetindex.lookup_store import packing

from .dataset import DATA_DATE, row, write_rows

OWNERS = ["Octo", "octo", "OCTO", "oct", "octo-", "o", "Kelvin", "x_corp"]
REPOSITORIES = ["app", "App", "a", ".github", "app.js", "-", "_"]
MALFORMED = [
    None,
    "",
    "octo",
    "octo/app/x",
    "octo /app",
    "\u212aelvin/app",
    "octo/\u0430pp",
    "octo/a\tb",
    "ghost/x",
]
NAMES = st.one_of(
    st.builds("{}/{}".format, st.sampled_from(OWNERS), st.sampled_from(REPOSITORIES)),
    st.sampled_from(MALFORMED),
    st.text(max_size=6),
)
FILES = st.builds(
    row,
    NAMES,
    github_id=st.sampled_from([None, 0, -1, 1, 2, 7, 2**40]),
    length_bytes=st.integers(0, 9),
    language=st.sampled_from([None, "", "C", 'q"\n\\', "Go\t", "\u00dcn\u00ef"]),
    detected_licenses=st.sampled_from([None, [], [None], ["MIT"], ["MIT", None, "0BSD", "MIT"]]),
    star_events_count=st.sampled_from([None, 0, 5]),
)
ASKED_OWNERS = ["OcTo", "octo-", "kelvin", "\u212aelvin", "", "octo/app", "o\t"]
ASKED_NAMES = [
    "octo/app",
    "OCTO/APP",
    "o/-",
    "kelvin/a",
    "\u212aelvin/a",
    "octo",
    "octo/",
    "x_corp/_",
    "octo/.GITHUB",
]
ASKED_NAMES += ['octo/app",1,1', 'octo/app",null,2', "octo/a%", "ghost/x"]
ASKED_IDS = [0, -1, 1, 2, 7, 8, 2**40, 2**63, 2**70]

Files = list[dict[str, Any]]
Held = dict[tuple[str, int | None], tuple[int, int]]
"""Files and bytes by name as in the dataset and id."""


def fold(name: str) -> str:
    """As design 5.1 says it, spelled out another way than in the product."""
    return "".join(chr(ord(letter) + 32) if "A" <= letter <= "Z" else letter for letter in name)


def held(files: Files) -> Held:
    """Count the files whose names can be names."""
    sums: Held = defaultdict(lambda: (0, 0))
    letters = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    for each in files:
        name, number = each["repo_name"] or "", each["github_id"]
        owner, _, short = name.partition("/")
        is_name = owner and short and set(owner) <= letters and set(short) <= letters | {"."}
        if not is_name or short in (".", "..") or fold(owner) == "ghost":
            continue
        key = (name, number if number and number > 0 else None)
        sums[key] = (sums[key][0] + 1, sums[key][1] + each["length_bytes"])
    return sums


@contextmanager
def opened_in_three_ways(folder: Path, files: Files, *, many: int) -> Iterator[list[Index]]:
    """One bucket with its look-up store, four with theirs, and the four without."""
    half = len(files) // 2
    for number, part in enumerate((files[:half], files[half:])):
        write_rows(folder / "in" / f"{number}.parquet", part)
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(packing, "MANY", many)
        patch.setattr(packing, "BLOCK_BYTES", 300)
        opened = []
        for count in (1, 4):
            patch.setattr(buckets, "BUCKET_ROWS", -(-len(files) // count))
            made = build([folder / "in"], output=folder / str(count), data_date=DATA_DATE, threads=1)
            assert len(made.contents) == count
            opened.append(stack.enter_context(open_index(folder / str(count))))
        bare = Path(shutil.copytree(folder / "4", folder / "bare"))
        opened.append(stack.enter_context(open_index(bare)))
        yield opened
        assert [index.has_store for index in opened] == [True, True, False]


def asked_one_by_one(index: Index) -> list[object]:
    found: list[object] = []
    for login in ASKED_OWNERS:
        found += [index.owner_totals(login), index.owner_page(login, 3), index.languages_of_owner(login)]
        found.append(index.owner_repositories(login, limit=-1, offset=-1))
    for sort in ("size", "files", "name"):
        found.append(index.owner_repositories("octo", sort=sort, limit=5, offset=1))
        found.append(index.owner_repositories("octo", sort=sort, name_contains="A"))
    found.append(index.owner_repositories("octo", name_contains="\u212a"))
    return [*found, [index.repository(name) for name in ASKED_NAMES], index.repositories_by_id(ASKED_IDS)]


def asked_at_once(index: Index) -> set[object]:
    matches = list(index.find(owners=ASKED_OWNERS, repositories=ASKED_NAMES, repository_ids=ASKED_IDS))
    assert len(set(matches)) == len(matches)
    return set(matches)


@settings(max_examples=4, deadline=None)
@given(files=st.lists(FILES, min_size=4, max_size=60), many=st.sampled_from([1, 3, 100]))
def test_however_an_index_is_asked_the_answers_are_those_of_a_plain_count(
    tmp_path_factory: pytest.TempPathFactory, files: Files, many: int
) -> None:
    truth = held(files)
    with opened_in_three_ways(tmp_path_factory.mktemp("ways"), files, many=many) as opened:
        first = asked_one_by_one(opened[0])
        for index in opened[1:]:
            assert asked_one_by_one(index) == first
        swept = asked_at_once(opened[0])
        assert asked_at_once(opened[1]) == swept
        check_against(opened[0], truth, swept)


def check_against(index: Index, truth: Held, swept: set[Any]) -> None:
    assert index.manifest.repositories == len(truth)
    assert index.manifest.owners == len({owner_of(name) for name, _ in truth})
    for login in ASKED_OWNERS:
        expected = {key: sums for key, sums in truth.items() if owner_of(key[0]) == fold(login)}
        totals, listed = index.owner_page(login, 1_000)
        assert figures(listed) == expected
        files, sizes = ([sums[place] for sums in expected.values()] for place in (0, 1))
        assert (totals.repositories, totals.files, totals.bytes) == (len(expected), sum(files), sum(sizes))
    for asked in ASKED_NAMES:
        expected = {key: sums for key, sums in truth.items() if fold(key[0]) == fold(asked)}
        assert figures(index.repository(asked)) == expected
    expected = {key: sums for key, sums in truth.items() if key[1] in ASKED_IDS}
    assert figures(index.repositories_by_id(ASKED_IDS)) == expected
    reasons = {key: found for key in truth if (found := set(reasons_for(*key)))}
    assert {(one.repository.repo_name, one.repository.repo_id): set(one.by) for one in swept} == reasons


def reasons_for(name: str, number: int | None) -> Iterator[str]:
    if owner_of(name) in map(fold, ASKED_OWNERS):
        yield "owner"
    if fold(name) in map(fold, ASKED_NAMES):
        yield "repository"
    if number in ASKED_IDS:
        yield "repository_id"


def figures(found: list[IndexedRepository]) -> Held:
    return {(one.repo_name, one.repo_id): (one.files, one.bytes) for one in found}


def owner_of(full_name: str) -> str:
    return fold(full_name.partition("/")[0])
