"""Read a world from its JSON file."""

import json
from pathlib import Path
from typing import Any

from .records import Account, Persona
from .world import World

DEFAULT_PATH = Path(__file__).with_name("personas.json")


def load_world(path: Path | None = None) -> World:
    """A fresh world from ``path`` (default: the personas shipped here).

    Raises OSError, ValueError (not JSON, or a number or name given twice), KeyError (a name that nobody
    holds) or TypeError (an unknown field).
    """
    content = json.loads((path or DEFAULT_PATH).read_text(encoding="utf-8"))
    world = World()
    for row in content["accounts"]:
        _add_account(world, row)
    for row in content["memberships"]:
        world.set_membership(row.pop("organisation"), row.pop("login"), **row)
    for row in content["repositories"]:
        _add_repository(world, row)
    for row in content["personas"]:
        account = world.account(row["login"])
        if account is None:
            raise KeyError(row["login"])
        world.personas.append(Persona(account.id, row["title"], row["sentence"]))
    for row in content.get("tokens", []):
        world.issue_token(row["login"], row["scopes"], value=row["value"])
    return world


def _add_account(world: World, row: dict[str, Any]) -> None:
    account = Account(**row)
    if world.account(account.login) or account.id in world.accounts:
        raise ValueError(f"{account.login} or account id {account.id} is taken")
    world.accounts[account.id] = account


def _add_repository(world: World, row: dict[str, Any]) -> None:
    fields = dict(row)
    full_name = fields.pop("full_name")
    permissions: dict[str, Any] = fields.pop("permissions", {})
    parent = fields.pop("parent", None)
    if parent is not None:
        original = world.repository(parent)
        if original is None:
            raise KeyError(parent)
        fields["parent_id"] = original.id
    world.add_repository(full_name, **fields)
    for login, level in permissions.items():
        world.set_permission(full_name, login, level)
