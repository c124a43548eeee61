from dataclasses import FrozenInstanceError

import pytest

from bigcode_optout.names import DATASET_COLUMNS


def test_every_schema_says_where_names_ids_and_hashes_stand() -> None:
    assert list(DATASET_COLUMNS) == ["v1", "v2", "v2-ids", "v3", "v3-metadata"]
    assert DATASET_COLUMNS["v2"].names == ("repo_name",)
    assert DATASET_COLUMNS["v2"].repository_id == "github_id"
    assert len(DATASET_COLUMNS["v1"].names) == len(DATASET_COLUMNS["v1"].licences) == 3
    assert DATASET_COLUMNS["v1"].repository_id is None
    assert DATASET_COLUMNS["v3"].files == "files"
    assert DATASET_COLUMNS["v3-metadata"].files is None


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        DATASET_COLUMNS["v4"] = DATASET_COLUMNS["v3"]  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        DATASET_COLUMNS["v3"].names = ()  # type: ignore[misc]
