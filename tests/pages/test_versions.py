"""What only some versions record: several holders of a file, forks and their parents, no sizes, no files at all."""

import datetime as dt
import gzip
import json
from io import StringIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.catalog import services
from tests.builders import make_index
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db


def build(source, *, version, schema, data_date=dt.date(2022, 3, 31)):
    return services.build_index(
        dataset="the-stack", version=version, schema=schema, data_date=data_date, inputs=[source]
    ).version


@pytest.fixture
def v1(tmp_path):
    """Two files: one that kelp and three others had, one of kelp alone."""
    holders = {
        "stars": ["otter-quay/kelp", "otter-quay/kelp"],
        "issues": ["tern/copy", "otter-quay/kelp"],
        "forks": ["gull/copy", "otter-quay/kelp"],
    }
    columns = {f"max_{kind}_repo_name": pa.array(names) for kind, names in holders.items()}
    columns |= {"hexsha": pa.array(["aa", "bb"]), "size": pa.array([10, 5]), "lang": pa.array(["C", "C"])}
    pq.write_table(pa.table(columns), tmp_path / "v1.parquet")
    return build(tmp_path / "v1.parquet", version="v1.2", schema="v1")


@pytest.fixture
def v3_metadata(tmp_path):
    """A repository and a fork, with numbers of files and no sizes."""
    rows = [
        {"repo_path": "otter-quay/kelp", "repo_id": 1, "num_files": 4, "github_metadata": {"is_fork": False}},
        {
            "repo_path": "otter-quay/parquetry",
            "repo_id": 2,
            "num_files": 9,
            "github_metadata": {"is_fork": True, "forked_from": "stonefruit/parquetry"},
        },
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "v3.parquet")
    return build(tmp_path / "v3.parquet", version="v3", schema="v3-metadata", data_date=dt.date(2025, 6, 1))


@pytest.fixture
def names_only(tmp_path):
    """A list of the old look-up app."""
    source = tmp_path / "names.json.gz"
    source.write_bytes(gzip.compress(json.dumps({"otter-quay": ["otter-quay/kelp"]}).encode()))
    return build(source, version="v1.0", schema="username-to-repo")


def answer(client, name="otter-quay"):
    return text_of(client.get("/look-up/", {"name": name}))


def test_v1_says_as_what_a_repository_is_named_and_how_many_names_stand_beside_it(client, v1):
    text = answer(client)
    assert "Files with several names in v1.2" in text
    assert "A file that names two repositories of one account is counted for both" in text
    row = "kelp The most starred holder, the holder with most issues and the most forked holder 1 2 other names in all"
    assert row in text
    assert "The most forked holder none" not in answer(client, "tern/copy")
    assert "copy The holder with most issues 1 2 other names in all" in answer(client, "tern/copy")


def test_forks_stand_apart_with_what_they_came_from(client, v3_metadata):
    text = answer(client)
    assert "1 fork" in text and "Fork of" in text
    assert "parquetry stonefruit/parquetry none found v3 9" in text


def test_a_version_without_sizes_says_so_and_never_0_b(client, v3_metadata):
    text = answer(client)
    assert "The newest version, v3, has 13 files of them; their size is not recorded." in text
    assert "0 B" not in text


def test_beside_a_version_with_sizes_the_figure_is_not_recorded(client, v3_metadata, tmp_path):
    make_index(tmp_path, [("otter-quay/kelp", 1, 500)])
    text = answer(client)
    assert "v3 Yes 2 13 not recorded June 2025" in text
    assert "v2.1 Yes 1 1 500 B September 2023" in text
    assert "0 B" not in text.replace("500 B", "")


def test_a_list_of_names_has_no_files_and_none_are_claimed(client, names_only):
    text = answer(client)
    assert "The newest version, v1.0, names it and records no files." in text
    assert "v1.0 Yes 1 not recorded" in text
    assert " 0 files" not in text


def test_a_deduplicated_version_says_that_files_may_stand_under_another_name(client, tmp_path):
    make_index(tmp_path, [("otter-quay/kelp", 1, 500)])
    text = answer(client)
    assert "v2.1 keeps each file once." in text
    assert "Copies elsewhere Not measurable" in text


def test_the_choice_of_somebody_counts_what_is_recorded(client, v3_metadata):
    from tests.builders import make_user
    from tests.pages.conftest import know_owner

    user = make_user()
    know_owner(501, "otter-quay", {"kelp": 1, "parquetry": 2}, forks=("parquetry",))
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    text = text_of(client.get("/requests/new/"))
    assert "not recorded" in text and "0 B" not in text


@pytest.fixture
def with_copies(tmp_path):
    """kelp has three files, two of which others have, too; reef's is its own."""
    rows = [
        ("otter-quay/kelp", "aa"), ("otter-quay/kelp", "bb"), ("otter-quay/kelp", "cc"), ("otter-quay/reef", "dd"),
        ("tern/copy", "aa"), ("gull/copy", "aa"), ("gull/copy", "bb"),
    ]  # fmt: skip
    columns = {
        "repo_name": [name for name, _ in rows],
        "content_id": [content for _, content in rows],
        "blob_id": [content for _, content in rows],
        "length_bytes": [5] * len(rows),
    }
    source = tmp_path / "copies.parquet"
    pq.write_table(pa.table(columns), source)
    call_command(
        *("build_index", "--version", "v2.0", "--data-date", "2023-09-06", "--schema", "v2"),
        *("--deduplicated", "no", "--copies", str(source)),
        stdout=StringIO(),
    )


def test_copies_are_counted_for_each_repository_where_the_pass_was_run(client, with_copies):
    text = answer(client)
    assert "counts files of yours that stand, byte for byte, under another owner’s repository in v2.0" in text
    assert "2 files with 2 other owners" in text and "5 B none" in text
    assert "Not measurable" not in text
    assert "2 files with 2 other owners" in answer(client, "otter-quay/kelp")


def test_copies_can_be_counted_later_for_the_build_that_answers(client, with_copies, tmp_path):
    services.build_index(
        dataset="the-stack", version="v2.0", schema="v2", data_date=dt.date(2023, 9, 6), deduplicated="no",
        inputs=[tmp_path / "copies.parquet"],
    )  # fmt: skip
    assert "Not measurable" in answer(client)
    out = StringIO()
    call_command("count_copies", "v2.0", str(tmp_path / "copies.parquet"), stdout=out)
    assert "are counted" in out.getvalue()
    assert "2 files with 2 other owners" in answer(client)
    with pytest.raises(CommandError, match="no index"):
        call_command("count_copies", "v9", str(tmp_path / "copies.parquet"))
