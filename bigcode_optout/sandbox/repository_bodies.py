"""JSON bodies about repositories: GitHub's schemas *minimal-repository* and *full-repository*."""

from typing import Any

from .account_bodies import UPDATED_AT, node_id, simple_user
from .records import Account, Repository
from .repository_addresses import api_addresses, clone_addresses
from .state import PERMISSION_ORDER, WorldState

PUSHED_AT = "2023-08-21T17:40:02Z"


def permission_flags(world: WorldState, repository: Repository, account: Account) -> dict[str, bool]:
    """What the token's user may do; each level includes the lower ones."""
    held = PERMISSION_ORDER.index(world.permission(repository, account.id))
    levels = ("admin", "maintain", "push", "triage", "pull")
    return {level: held >= PERMISSION_ORDER.index(level) for level in levels}


def minimal_repository(
    world: WorldState, repository: Repository, base_url: str, viewer: Account | None
) -> dict[str, Any]:
    """*minimal-repository*, as in lists; ``permissions`` only for a signed-in ``viewer``."""
    full_name = world.full_name(repository)
    return {
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": repository.name,
        "full_name": full_name,
        "private": repository.private,
        "owner": simple_user(world.accounts[repository.owner_id], base_url),
        "html_url": f"{base_url}/{full_name}",
        "description": None,
        "fork": repository.parent_id is not None,
        **api_addresses(full_name, base_url),
        **_dates(repository),
        **clone_addresses(full_name, base_url),
        **_counters(world, repository),
        **_flags(repository),
        "homepage": None,
        "language": repository.language,
        "mirror_url": None,
        "license": license_simple(repository.licence, base_url),
        "topics": [],
        "visibility": "private" if repository.private else "public",
        "default_branch": "main",
        **({"permissions": permission_flags(world, repository, viewer)} if viewer else {}),
    }


def full_repository(
    world: WorldState, repository: Repository, base_url: str, viewer: Account | None
) -> dict[str, Any]:
    """*full-repository*, as for one repository; a fork names its parent."""
    body = minimal_repository(world, repository, base_url, viewer)
    body |= {"network_count": body["forks_count"], "subscribers_count": body["watchers_count"]}
    owner = world.accounts[repository.owner_id]
    if owner.type == "Organization":
        body["organization"] = simple_user(owner, base_url)
    parent = world.repositories.get(repository.parent_id or 0)
    if parent is not None:
        body["parent"] = body["source"] = minimal_repository(world, parent, base_url, viewer)
    return body


def license_simple(licence: str | None, base_url: str) -> dict[str, Any] | None:
    """*nullable-license-simple* for an SPDX id."""
    if licence is None:
        return None
    key = licence.lower()
    return {
        "key": key,
        "name": f"{licence} licence",
        "spdx_id": licence,
        "url": f"{base_url}/api/v3/licenses/{key}",
        "node_id": node_id("L", sum(key.encode())),
    }


def _dates(repository: Repository) -> dict[str, str]:
    return {
        "created_at": repository.created_at,
        "updated_at": max(repository.created_at, UPDATED_AT),
        "pushed_at": max(repository.created_at, PUSHED_AT),
    }


def _counters(world: WorldState, repository: Repository) -> dict[str, int]:
    stars, forks = world.stars(repository), world.forks(repository)
    return {
        "size": sum(map(len, repository.files.values())) // 1024 + 1,
        "stargazers_count": stars,
        "watchers_count": stars,
        "watchers": stars,
        "forks_count": forks,
        "forks": forks,
        "open_issues_count": 0,
        "open_issues": 0,
    }


def _flags(repository: Repository) -> dict[str, bool]:
    return {
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "archived": repository.archived,
        "disabled": False,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
    }
