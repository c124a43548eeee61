"""The world stays whole whatever happens in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bigcode_optout.sandbox.state import fold
from bigcode_optout.sandbox.world import World
from bigcode_optout.sandbox.world_file import load_world

LOGINS = ("ash", "Birch", "cedar", "Dogwood")
NAMES = ("one", "Two", "three")
steps = st.lists(
    st.tuples(st.sampled_from(["login", "name", "transfer", "delete", "add"]), *[st.integers(0, 999)] * 2),
    max_size=12,
)


def small_world() -> World:
    world = World()
    for number, login in enumerate(LOGINS[:3], start=1):
        world.add_account(login, id=number)
        world.add_repository(f"{login}/one", id=100 + number)
    return world


def change(world: World, step: tuple[str, int, int]) -> None:
    """One thing that may happen; what the world refuses does not happen."""
    verb, one, two = step
    full_name = f"{LOGINS[one % 4]}/{NAMES[one % 3]}"
    try:
        if verb == "login":
            world.rename_account(LOGINS[one % 4], LOGINS[two % 4])
        elif verb == "name":
            world.rename_repository(full_name, NAMES[two % 3])
        elif verb == "transfer":
            world.transfer_repository(full_name, LOGINS[two % 4])
        elif verb == "delete":
            world.delete_repository(full_name)
        else:
            world.add_repository(full_name, id=1_000 + 1_000 * one + two)
    except (KeyError, ValueError):
        pass


@given(steps)
@settings(max_examples=200, deadline=None)
def test_no_name_ever_has_two_meanings(taken: list[tuple[str, int, int]]) -> None:
    world = small_world()
    for step in taken:
        change(world, step)
        standing = [fold(world.full_name(row)) for row in world.repositories.values()]
        assert len(standing) == len(set(standing))
        assert not set(standing) & set(world.redirects), "a name that stands does not redirect"
        assert set(world.redirects.values()) <= set(world.repositories), "a redirect leads somewhere"


@given(st.text())
def test_the_fold_touches_ascii_letters_only(text: str) -> None:
    assert len(fold(text)) == len(text)
    for before, after in zip(text, fold(text), strict=True):
        assert after == (before.lower() if before.isascii() else before)


def test_what_nobody_holds_cannot_be_changed() -> None:
    world = load_world()
    with pytest.raises(KeyError):
        world.rename_account("fennwick", "anything")
    with pytest.raises(KeyError):
        world.delete_repository("larkspur-dev/canal-maps")
    with pytest.raises(ValueError, match="taken"):
        world.rename_account("quillon-marsh", "Brindle-Fenn")
    with pytest.raises(ValueError, match="no such profile field"):
        world.edit_profile("low-tide-club", email="x")


def test_the_personas_are_as_the_room_card_says() -> None:
    world = load_world()
    counts = {account.login: len(world.repositories_of(account.id)) for account in world.accounts.values()}
    assert (counts["quillon-marsh"], counts["brindle-fenn"], counts["larkspur-dev"]) == (14, 6, 1)
    assert (counts["norrvik-instruments"], counts["hale-ostrander"]) == (18, 2)
    assert len({row.created_at for row in world.repositories.values()}) == len(world.repositories)
