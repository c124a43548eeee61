"""What a run looks at: every Parquet file below its inputs, and nothing is passed over in silence."""

import pytest

from bigcode_optout.exclusionlist.__main__ import main
from bigcode_optout.exclusionlist.shards import InputRefused, find_shards

from .builders import rule
from .shard_builders import exclusions, put, v2


def test_a_shard_is_found_whatever_the_letters_of_its_ending(tmp_path):
    for name in (
        "a.parquet",
        "b.PARQUET",
        "deep/c.Parquet",
        "deep/README.md",
        "deep/info.json",
        ".d.parquet",
    ):
        put(v2(["ada/x"]), tmp_path / name)
    assert [shard.name for shard in find_shards([tmp_path])] == ["a.parquet", "b.PARQUET", "deep/c.Parquet"]


def test_a_folder_that_is_only_linked_to_is_refused_and_a_linked_file_is_read(tmp_path):
    put(v2(["ada/x"]), tmp_path / "far/a.parquet")
    put(v2(["b/b"]), tmp_path / "in/b.parquet")
    (tmp_path / "in/a.parquet").symlink_to(tmp_path / "far/a.parquet")
    assert len(find_shards([tmp_path / "in"])) == 2
    (tmp_path / "in/linked").symlink_to(tmp_path / "far")
    with pytest.raises(InputRefused, match="in/linked is a link to a folder"):
        find_shards([tmp_path / "in"])
    assert find_shards([tmp_path / "in/linked"])


@pytest.mark.parametrize("name", ["b.jsonl", "b.jsonl.gz", "deep/b.csv", "b.json.zst", "b.arrow"])
@pytest.mark.parametrize("command", ["verify", "gate", "apply"])
def test_data_that_is_not_parquet_is_named_and_proves_nothing(tmp_path, capsys, name, command):
    exclusions(tmp_path / "list", [rule("nobody")])
    put(v2(["c/c"]), tmp_path / "in/a.parquet")
    put(v2(["nobody/x"]), tmp_path / "in" / name)
    more = {
        "verify": ["--schema", "v2", "--report", tmp_path / "R.json"],
        "gate": [],
        "apply": ["--schema", "v2", "--output", tmp_path / "out"],
    }[command]
    assert main([command, "--list", str(tmp_path / "list"), str(tmp_path / "in"), *map(str, more)]) == 1
    assert f"{name} is data that is not Parquet" in capsys.readouterr().err
    assert not (tmp_path / "R.json").exists() and not (tmp_path / "out").exists()
