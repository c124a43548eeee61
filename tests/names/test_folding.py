import os
import sqlite3
from collections.abc import Callable

import duckdb
import psycopg2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.names import Engine, fold, fold_sql, is_ascii_sql, match_key, match_key_sql

from .vectors import FOLD

Query = Callable[[str, str], tuple[str, str | None]]


def check_every_vector(query: Query, engine: Engine, parameter: str) -> None:
    sql = f"SELECT {fold_sql(parameter, engine)}, {match_key_sql(parameter, engine)}"
    for vector in FOLD:
        assert query(sql, vector["text"]) == (vector["folded"], vector["key"]), vector["why"]


def test_python_agrees_with_the_vectors() -> None:
    for vector in FOLD:
        assert fold(vector["text"]) == vector["folded"], vector["why"]
        assert match_key(vector["text"]) == vector["key"], vector["why"]


def test_duckdb_agrees_with_the_vectors() -> None:
    connection = duckdb.connect()

    def query(sql: str, text: str) -> tuple[str, str | None]:
        return connection.execute(f"WITH t AS (SELECT ?::VARCHAR AS x) {sql} FROM t", [text]).fetchone()

    check_every_vector(query, "duckdb", "x")


def test_sqlite_agrees_with_the_vectors() -> None:
    connection = sqlite3.connect(":memory:")

    def query(sql: str, text: str) -> tuple[str, str | None]:
        return connection.execute(f"WITH t AS (SELECT ? AS x) {sql} FROM t", [text]).fetchone()

    check_every_vector(query, "sqlite", "x")


@pytest.mark.postgres
def test_postgresql_agrees_with_the_vectors() -> None:
    url = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        connection = psycopg2.connect(url, connect_timeout=3)
    except psycopg2.OperationalError:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            raise
        pytest.skip("PostgreSQL is not reachable")

    def query(sql: str, text: str) -> tuple[str, str | None]:
        cursor.execute(f"WITH t AS (SELECT %s::text AS x) {sql} FROM t", [text])
        return cursor.fetchone()

    with connection, connection.cursor() as cursor:
        check_every_vector(query, "postgresql", "x")
    connection.close()


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="oracle"):
        fold_sql("x", "oracle")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="oracle"):
        is_ascii_sql("x", "oracle")  # type: ignore[arg-type]


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert len(fold(text)) == len(text)


@given(st.text())
def test_a_text_with_a_foreign_letter_never_gets_a_key(text: str) -> None:
    assert (match_key(text) is None) == (not text.isascii())
