import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.datasetindex.buckets import MOST_BUCKETS, bucket_count, bucket_of, bucket_sql
from bigcode_optout.datasetindex.refused import is_valid_sql, key_sql, kind_sql, owner_key_sql
from bigcode_optout.names import fold, split_full_name
from tests.names.vectors import REPOSITORIES

COUNTS = [1, 2, 64, 256, MOST_BUCKETS]


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@given(key=st.from_regex(r"[a-z0-9-]{1,39}", fullmatch=True), count=st.sampled_from(COUNTS))
def test_python_and_the_engine_put_an_owner_into_the_same_bucket(
    engine: duckdb.DuckDBPyConnection, key: str, count: int
) -> None:
    [[number]] = engine.execute(f"SELECT {bucket_sql('k', count)} FROM (SELECT ? AS k)", [key]).fetchall()
    assert number == bucket_of(key, count)
    assert 0 <= number < count


def test_owners_spread_evenly() -> None:
    counted = [0] * 64
    for number in range(64_000):
        counted[bucket_of(f"owner-{number}", 64)] += 1
    assert min(counted) > 850
    assert max(counted) < 1_150


def test_an_owner_stays_in_its_bucket_for_ever() -> None:
    # Its MD5 sum begins with 555.
    assert [bucket_of("octocat", count) for count in COUNTS] == [0, 0, 0x55 >> 2, 0x55, 0x555 >> 2]


@pytest.mark.parametrize(
    ("rows", "count"),
    [(0, 1), (400_000, 1), (400_001, 2), (10_000_000, 32), (100_000_000, 256), (10**12, MOST_BUCKETS)],
)
def test_there_are_enough_buckets_and_a_power_of_two(rows: int, count: int) -> None:
    assert bucket_count(rows) == count


@pytest.mark.parametrize(
    "name", [*REPOSITORIES["valid"], *REPOSITORIES["invalid"], None, "\u212a/b", "ghost/x"]
)
def test_the_quick_test_for_valid_names_agrees_with_the_rule(
    engine: duckdb.DuckDBPyConnection, name: str | None
) -> None:
    [[is_valid, kind]] = engine.execute(
        f"SELECT {is_valid_sql('n')}, {kind_sql('n')} FROM (SELECT ?::VARCHAR AS n)", [name]
    ).fetchall()
    assert is_valid == (kind is None) == bool(name and split_full_name(name))


@pytest.mark.parametrize("name", REPOSITORIES["valid"])
def test_keys_of_valid_names_are_folded_as_names_folds(engine: duckdb.DuckDBPyConnection, name: str) -> None:
    [[key, owner]] = engine.execute(
        f"SELECT {key_sql('n')}, {owner_key_sql('n')} FROM (SELECT ? AS n)", [name]
    ).fetchall()
    assert (key, owner) == (fold(name), fold(name).partition("/")[0])
