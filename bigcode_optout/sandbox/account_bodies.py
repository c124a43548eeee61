"""JSON bodies about accounts: GitHub's schemas *simple-user*, *public-user*, *organization-full*, ….

Every required key of the OpenAPI description is there; ``base_url`` is the stand-in's own address.
"""

import base64
from typing import Any

from .records import Account, Membership
from .state import WorldState

UPDATED_AT = "2025-11-03T08:12:45Z"


def node_id(prefix: str, number: int) -> str:
    """An opaque id in the manner of GitHub's."""
    return f"{prefix}_{base64.urlsafe_b64encode(str(number).encode()).decode().rstrip('=')}"


def simple_user(account: Account, base_url: str) -> dict[str, Any]:
    """*simple-user*: an account as owner or member."""
    api = f"{base_url}/api/v3/users/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("O" if account.type == "Organization" else "U", account.id),
        "avatar_url": f"{base_url}/_sandbox/avatar.svg",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{base_url}/{account.login}",
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": account.type,
        "site_admin": False,
        "user_view_type": "public",
    }


def public_user(world: WorldState, account: Account, base_url: str) -> dict[str, Any]:
    """*public-user*; it admits no key beyond the described ones."""
    return {
        **simple_user(account, base_url),
        "name": account.name,
        "company": None,
        "blog": account.blog,
        "location": account.location,
        "email": None,
        "hireable": None,
        "bio": account.description,
        "public_repos": _repository_count(world, account, private=False),
        "public_gists": sum(1 for gist in world.gists.values() if gist.owner_id == account.id),
        "followers": account.id % 23,
        "following": account.id % 11,
        "created_at": account.created_at,
        "updated_at": max(account.created_at, UPDATED_AT),
    }


def private_user(world: WorldState, account: Account, base_url: str) -> dict[str, Any]:
    """*private-user*: one's own account with the scope ``user``."""
    owned = _repository_count(world, account, private=True)
    return {
        **public_user(world, account, base_url),
        "user_view_type": "private",
        "private_gists": 0,
        "total_private_repos": owned,
        "owned_private_repos": owned,
        "disk_usage": 1024,
        "collaborators": 0,
        "two_factor_authentication": True,
    }


def organization_simple(account: Account, base_url: str) -> dict[str, Any]:
    """*organization-simple*, as in lists and memberships."""
    api = f"{base_url}/api/v3/orgs/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("O", account.id),
        "url": api,
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events",
        "hooks_url": f"{api}/hooks",
        "issues_url": f"{api}/issues",
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "avatar_url": f"{base_url}/_sandbox/avatar.svg",
        "description": account.description,
    }


def organization_full(world: WorldState, account: Account, base_url: str) -> dict[str, Any]:
    """*organization-full*: the public profile, which only owners can edit."""
    optional = {"name": account.name, "blog": account.blog, "location": account.location}
    return {
        **organization_simple(account, base_url),
        **{key: value for key, value in optional.items() if value is not None},
        "html_url": f"{base_url}/{account.login}",
        "type": "Organization",
        "is_verified": False,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": _repository_count(world, account, private=False),
        "public_gists": 0,
        "followers": account.id % 19,
        "following": 0,
        "created_at": account.created_at,
        "updated_at": max(account.created_at, UPDATED_AT),
        "archived_at": None,
    }


def org_membership(
    organisation: Account, account: Account, membership: Membership, base_url: str
) -> dict[str, Any]:
    """*org-membership*: role and state of one person in one organisation."""
    organisation_url = f"{base_url}/api/v3/orgs/{organisation.login}"
    return {
        "url": f"{organisation_url}/memberships/{account.login}",
        "state": membership.state,
        "role": membership.role,
        "direct_membership": True,
        "organization_url": organisation_url,
        "organization": organization_simple(organisation, base_url),
        "user": simple_user(account, base_url),
        "permissions": {"can_create_repository": membership.role == "admin"},
    }


def _repository_count(world: WorldState, account: Account, *, private: bool) -> int:
    return sum(1 for row in world.repositories_of(account.id) if row.private == private)
