import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bigcode_optout.datasetindex import IndexBuildError
from bigcode_optout.datasetindex.readers import json_object

from .reading import carried, parts_of

SCHEMA = "username-to-repo"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "names.json.gz"
    path.write_bytes(gzip.compress(text.encode() if isinstance(text, str) else text))
    return path


def names(path: Path) -> list[str]:
    parts = parts_of(path, SCHEMA)
    assert all((part["repo_id"], part["files"], part["bytes"]) == (0, 0, 0) for part in parts)
    return [part["repo_name"] for part in parts]


def refusal(path: Path) -> str:
    with pytest.raises(IndexBuildError) as refused:
        parts_of(path, SCHEMA)
    sentence = str(refused.value)
    assert sentence.startswith(str(path))
    return sentence.removeprefix(str(path))


def test_each_name_is_a_part_and_nothing_else_is_known(tmp_path: Path) -> None:
    path = write(tmp_path, '{"a": ["a/x", "a/y"], "b": [], "C": ["C/z"]}')
    assert names(path) == ["C/z", "a/x", "a/y"]
    assert carried(path, SCHEMA) == {"repo_name"}


def test_a_name_keeps_its_own_owner_where_the_login_differs(tmp_path: Path) -> None:
    assert names(write(tmp_path, '{"new-login": ["old-login/x"]}')) == ["old-login/x"]


def test_plain_json_is_read_like_gzip(tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    path.write_text(' \n{"a":["a/x"]}\n', encoding="utf-8")
    assert names(path) == ["a/x"]


def test_a_name_that_is_no_text_of_unicode_comes_through_as_malformed(tmp_path: Path) -> None:
    assert names(write(tmp_path, '{"a": ["a/\\ud800", "a/\\u212a"]}')) == ["a/?", "a/\u212a"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    listed=st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=8), max_size=5), max_size=6),
    chunk=st.integers(1, 40),
    indent=st.sampled_from([None, 1]),
    is_ascii=st.booleans(),
)
def test_entries_are_those_of_the_json_module_wherever_the_text_is_cut(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    listed: dict[str, list[str]],
    chunk: int,
    indent: int | None,
    is_ascii: bool,
) -> None:
    monkeypatch.setattr(json_object, "_CHUNK_BYTES", chunk)
    text = json.dumps(listed, indent=indent, ensure_ascii=is_ascii)
    path = write(tmp_path_factory.mktemp("json"), text)
    found = list(json_object.entries(path))
    assert {key: value for key, value, _ in found} == listed
    assert all(text[position - 1] == "[" for _, _, position in found)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('["a/x"]', " is not the expected JSON at character 1: an object { … } was expected."),
        ('{"a": "a/x"}', ": at character 7 “a” has a text, but a list of names was expected."),
        (
            '{"a": ["a/x"], "b": {"c": 1}}',
            ": at character 21 “b” has an object, but a list of names was expected.",
        ),
        (
            '{"a": ["a/x", 5]}',
            ": at character 7 the list of “a” has a number, but a name in quotes was expected.",
        ),
        (
            '{"a": ["a/x", null]}',
            ": at character 7 the list of “a” has null, but a name in quotes was expected.",
        ),
        ('{"a" ["a/x"]}', " is not the expected JSON at character 6: “:” was expected."),
        ('{"a": ["a/x"] "b": []}', " is not the expected JSON at character 15: “,” or “}” was expected."),
        ('{a: ["a/x"]}', " is not the expected JSON at character 2: a login in quotes was expected."),
        (
            '{"a": ["a/x"]} {}',
            " is not the expected JSON at character 16: something stands after the end of the object.",
        ),
        (
            '{"a": ["a/x"',
            " is not the expected JSON at character 13: Expecting ',' delimiter, but the text ends there.",
        ),
        (
            '{"a": ["a/x"],',
            " is not the expected JSON at character 15: a login in quotes was expected, but the text ends there.",
        ),
        ('{"a": ["a/', " is not the expected JSON at character 8: a text has no closing quote."),
        ('{"a": [tru]' + " " * 50 + "}", " is not the expected JSON at character 8: Expecting value."),
        (
            '{"a": ' + "[" * 100_000,
            " is not the expected JSON at character 7: a value is too long or too deep.",
        ),
        ('{"a": []}', " names no repository, so there is nothing to index."),
        ("{}", " names no repository, so there is nothing to index."),
    ],
)
def test_a_wrong_text_is_refused_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    assert refusal(write(tmp_path, text)) == sentence


def test_a_gzip_stream_without_its_end_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps({f"o{n}": [f"o{n}/r{m}" for m in range(9)] for n in range(5_000)}))
    path.write_bytes(path.read_bytes()[:-2_000])
    assert refusal(path) == " is cut short: the gzip stream has no end."


def test_a_damaged_gzip_stream_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps({f"o{n}": [f"o{n}/x"] for n in range(5_000)}))
    content = bytearray(path.read_bytes())
    content[5_000:5_050] = b"\x00" * 50
    path.write_bytes(content)
    assert refusal(path).startswith(" is damaged: ")


def test_bytes_that_are_no_utf_8_are_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, b'{"a": ["a/\xff"]}')) == " is no UTF-8 text: invalid start byte."


def test_a_value_without_end_is_not_read_into_memory_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_object, "_LONGEST_ENTRY", 1_000)
    monkeypatch.setattr(json_object, "_CHUNK_BYTES", 100)
    path = write(tmp_path, '{"a": ["' + "x" * 100_000)
    assert (
        refusal(path) == " is not the expected JSON at character 7: a value is longer than 1,000 characters."
    )


def test_a_parquet_file_is_not_read_as_json(tmp_path: Path) -> None:
    pq.write_table(pa.table({"repo_name": ["a/x"]}), tmp_path / "rows.parquet")
    assert refusal(tmp_path / "rows.parquet").startswith(
        " is a Parquet file, but the schema username-to-repo is"
    )
