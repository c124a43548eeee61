from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bigcode_optout.datasetindex.copies import RepositoryCopies, build_copies, compare, plan
from bigcode_optout.datasetindex.progress import BuildProgress

from .copies_model import Held, Truth, counted, indexed, opened, truth, write_v2

NAMES = [
    "a/x",
    "A/x",
    "a/y",
    "b/x",
    "B/X",
    "c/x",
    "d/x",
    "e/x",
    "f/x",
    None,
    "a/b/c",
    "\u212a/x",
    "ghost/x",
    "a x/y",
]
FILES = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from([None, None, 7]),
        st.sampled_from([None, *"pqrstuvw"]),
    ),
    min_size=1,
    max_size=60,
)


def of_all(folder: Path, files: list[Held], **options: Any) -> dict[tuple[str, int | None], RepositoryCopies]:
    copies = counted(folder, files, **options)
    found = [each for owner in "ABCDEF" for each in copies.of_owner(owner) or []]
    assert copies.manifest.repositories == len(found)
    assert copies.manifest.files_counted == sum(each.files_counted for each in found)
    assert copies.manifest.copied_files == sum(each.copied_files for each in found)
    assert copies.manifest.repositories_with_copies == sum(each.copied_files > 0 for each in found)
    return {(each.repo_name, each.repo_id): each for each in found}


def test_a_repository_knows_how_many_files_stand_elsewhere_and_with_how_many_owners(tmp_path: Path) -> None:
    copies = counted(
        tmp_path,
        [
            ("Octo/app", 5, "licence"),
            ("Octo/app", 5, "code"),
            ("Octo/app", 5, "own"),
            ("Octo/app", 5, None),
            ("other/one", None, "licence"),
            ("other/two", None, "licence"),
            ("third/x", None, "code"),
        ],
    )
    [found] = copies.of_repository("OCTO/App") or []
    assert found.as_dict() == {
        "repo_name": "Octo/app",
        "owner_key": "octo",
        "repo_key": "octo/app",
        "repo_id": 5,
        "files_counted": 3,
        "copied_files": 2,
        "copy_owners": 2,
        "is_at_least": False,
    }
    assert [each.repo_name for each in copies.of_owner("Other") or []] == ["other/one", "other/two"]
    assert (
        copies.of_owner("nobody") == copies.of_owner("o\u212ato") == copies.of_repository("octo/none") == []
    )


def test_a_pass_says_how_many_partitions_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "_PARTITION_ROW_BYTES", 1 << 30)
    said: list[tuple[int, int]] = []

    def note(progress: BuildProgress) -> None:
        if progress.unit == "partitions":
            said.append((progress.done, progress.total))

    counted(tmp_path, [("a/x", None, "p"), ("b/x", None, "p")], on_progress=note, memory_limit="512MiB")
    total = said[-1][0]
    assert total > 1
    assert said == [(done, total) for done in range(total + 1)]


def test_spellings_of_one_owner_are_no_others_and_equal_files_count_each(tmp_path: Path) -> None:
    found = of_all(
        tmp_path,
        [("a/x", None, "p"), ("A/y", None, "p"), ("a/x", None, "q"), ("a/x", None, "q"), ("b/x", None, "q")],
    )
    assert (found["a/x", None].files_counted, found["a/x", None].copied_files) == (3, 2)
    assert (found["a/x", None].copy_owners, found["A/y", None].copied_files) == (1, 0)


def test_a_repository_without_content_ids_is_not_measurable_rather_than_0(tmp_path: Path) -> None:
    copies = counted(tmp_path, [("a/known", None, "p"), ("a/unknown", None, None)])
    assert [each.repo_name for each in copies.of_owner("a") or []] == ["a/known"]
    assert copies.of_repository("a/unknown") == []


def test_malformed_names_hold_nothing(tmp_path: Path) -> None:
    found = of_all(
        tmp_path, [("a/x", None, "p"), (None, None, "p"), ("b/c/d", None, "p"), ("\u212a/x", None, "p")]
    )
    assert [each.copied_files for each in found.values()] == [0]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES)
def test_counts_equal_those_of_a_plain_model(monkeypatch: pytest.MonkeyPatch, files: list[Held]) -> None:
    with TemporaryDirectory() as folder, monkeypatch.context() as patched:
        # As if rows were huge, so that there are several partitions and buckets.
        patched.setattr(plan, "_PARTITION_ROW_BYTES", 1 << 28)
        patched.setattr(plan, "_REPOSITORY_BYTES", 1 << 29)
        found = of_all(Path(folder), [("a/x", None, "z"), *files], threads=1)
    expected = truth([("a/x", None, "z"), *files])
    assert found.keys() == expected.keys()
    for each, want in expected.items():
        have = found[each]
        assert (have.files_counted, have.copied_files) == (want.files, want.copied_files)
        assert (have.copy_owners, have.is_at_least) == (want.owners, False)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES)
def test_with_widespread_contents_the_owners_are_a_lower_bound_and_say_so(
    monkeypatch: pytest.MonkeyPatch, files: list[Held]
) -> None:
    with TemporaryDirectory() as folder, monkeypatch.context() as patched:
        patched.setattr(compare, "MOST_OWNERS", 2)
        found = of_all(Path(folder), [("a/x", None, "z"), *files], threads=1)
    for each, want in truth([("a/x", None, "z"), *files]).items():
        have = found[each]
        assert have.copied_files == want.copied_files
        assert _lowest(want) <= have.copy_owners <= want.owners
        assert have.is_at_least == (want.widest > 2 and want.copied_contents > 1)
        assert have.is_at_least or have.copy_owners == want.owners


def _lowest(want: Truth) -> int:
    return max(want.widest - 1, 0)


def test_one_licence_text_everywhere_costs_one_row_for_each_file(tmp_path: Path) -> None:
    owners = 3_000
    files: list[Held] = [(f"o{number}/x", None, "licence") for number in range(owners)]
    source = write_v2(
        tmp_path / "in" / "rows.parquet", [*files, ("o1/x", None, "code"), ("o2/x", None, "code")]
    )
    index = indexed(tmp_path, [source])
    manifest = build_copies(index, [source])
    copies = opened(index)
    [plain] = copies.of_owner("o7") or []
    assert (plain.copied_files, plain.copy_owners, plain.is_at_least) == (1, owners - 1, False)
    [both] = copies.of_owner("o1") or []
    assert (both.copied_files, both.copy_owners, both.is_at_least) == (2, owners - 1, True)
    assert manifest.copied_files == owners + 2
    assert manifest.most_owners == compare.MOST_OWNERS
