"""Lists come in pages that a client can follow."""

import re

import pytest

from bigcode_optout.sandbox import RunningSandbox

from .client import Client


def links(header: str) -> dict[str, str]:
    return {name: url for url, name in re.findall(r'<([^>]+)>; rel="(\w+)"', header)}


@pytest.mark.parametrize("per_page", [1, 5, 7, 18, 100])
def test_following_next_gives_each_repository_once(client: Client, per_page: int) -> None:
    path, names = f"/orgs/norrvik-instruments/repos?per_page={per_page}", []
    while path:
        answer = client.api(path)
        assert len(answer.json()) <= per_page
        names += [row["name"] for row in answer.json()]
        path = links(answer.headers.get("link", "")).get("next", "").partition("/api/v3")[2]
    assert len(names) == len(set(names)) == 18


def test_a_middle_page_points_both_ways(client: Client) -> None:
    answer = client.api("/orgs/norrvik-instruments/repos?per_page=5&page=2")
    found = links(answer.headers["link"])
    assert found.keys() == {"prev", "next", "last", "first"}
    assert found["last"].endswith("per_page=5&page=4")


def test_a_page_has_at_most_a_hundred(sandbox: RunningSandbox, client: Client) -> None:
    for number in range(120):
        sandbox.world.add_repository(f"pemberly-quiet/draft-{number}", id=990_000_000 + number)
    assert len(client.api("/users/pemberly-quiet/repos?per_page=500").json()) == 100
    assert len(client.api("/users/pemberly-quiet/repos").json()) == 30


@pytest.mark.parametrize("query", ["?per_page=0", "?per_page=x&page=-1", "?page=%C2%B2", "?page=" + "9" * 50])
def test_a_senseless_page_is_still_answered(client: Client, query: str) -> None:
    assert client.api("/users/quillon-marsh/repos" + query).status == 200


def test_a_page_beyond_the_last_is_empty(client: Client) -> None:
    assert client.api("/users/quillon-marsh/repos?page=9").json() == []


def test_forks_and_sources_can_be_told_apart(sandbox: RunningSandbox, client: Client) -> None:
    forks = [row["fork"] for row in client.api("/users/quillon-marsh/repos").json()]
    assert (len(forks), sum(forks)) == (14, 3)
    sandbox.world.add_repository("low-tide-club/copy", id=990_000_001, parent_id=4117902)
    assert [row["name"] for row in client.api("/orgs/low-tide-club/repos?type=forks").json()] == ["copy"]
    assert len(client.api("/orgs/low-tide-club/repos?type=sources").json()) == 3


def test_repositories_of_others_come_only_when_asked_for(client: Client) -> None:
    own = client.api("/users/odalys-brook/repos").json()
    assert [row["full_name"] for row in own] == ["odalys-brook/night-heron"]
    member = client.api("/users/odalys-brook/repos?type=member").json()
    assert [row["full_name"] for row in member] == ["norrvik-instruments/field-recorder-firmware"]
    assert len(client.api("/users/odalys-brook/repos?type=all").json()) == 2
    assert client.api("/users/fennwick/repos").status == 404


def test_a_list_can_be_sorted(client: Client) -> None:
    rows = client.api("/orgs/norrvik-instruments/repos?sort=created&direction=asc").json()
    times = [row["created_at"] for row in rows]
    assert times == sorted(times)
