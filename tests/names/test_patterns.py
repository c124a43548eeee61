import os
import re

import duckdb
import psycopg2
import pytest

from bigcode_optout.names import OWNER_PATTERN, REPOSITORY_NAME_PATTERN, REPOSITORY_PATTERN

from .vectors import OWNERS, REPOSITORIES

CASES = [
    *[(OWNER_PATTERN, text, True) for text in OWNERS["valid"]],
    *[(OWNER_PATTERN, text, False) for text in OWNERS["invalid"]],
    *[(REPOSITORY_PATTERN, text, True) for text in REPOSITORIES["valid"]],
    *[(REPOSITORY_PATTERN, text, False) for text in REPOSITORIES["invalid"]],
]


def test_python_takes_and_refuses_as_the_vectors_say() -> None:
    for pattern, text, valid in CASES:
        assert bool(re.fullmatch(pattern, text)) is valid, text


def test_duckdb_takes_and_refuses_as_the_vectors_say() -> None:
    connection = duckdb.connect()
    for pattern, text, valid in CASES:
        assert connection.execute("SELECT regexp_full_match(?, ?)", [text, pattern]).fetchone() == (valid,), (
            text
        )


@pytest.mark.postgres
def test_postgresql_takes_and_refuses_as_the_vectors_say() -> None:
    url = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        connection = psycopg2.connect(url, connect_timeout=3)
    except psycopg2.OperationalError:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            raise
        pytest.skip("PostgreSQL is not reachable")
    with connection, connection.cursor() as cursor:
        for pattern, text, valid in CASES:
            if "\0" in text:  # PostgreSQL's text has no NUL
                continue
            cursor.execute("SELECT %s ~ %s", [text, pattern])
            assert cursor.fetchone() == (valid,), text
    connection.close()


def test_the_part_after_the_slash_has_the_same_rule_as_in_the_full_name() -> None:
    for text in REPOSITORIES["valid"]:
        assert re.fullmatch(REPOSITORY_NAME_PATTERN, text.partition("/")[2])
    assert not re.fullmatch(REPOSITORY_NAME_PATTERN, "a/b")
