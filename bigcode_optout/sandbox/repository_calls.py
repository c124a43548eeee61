"""REST calls about repositories, their files and gists."""

from collections.abc import Callable
from typing import Any

from .account_bodies import simple_user
from .calls import Call
from .content_bodies import content_directory, content_file, gist_simple
from .messages import Refused, Response, json_response
from .records import Account, Repository
from .repository_bodies import full_repository, minimal_repository, permission_flags
from .state import fold

# Kinds of the query parameter ``type`` that narrow an organisation's list.
KINDS: dict[str, Callable[[Repository], bool]] = {
    "public": lambda row: not row.private,
    "private": lambda row: row.private,
    "forks": lambda row: row.parent_id is not None,
    "sources": lambda row: row.parent_id is None,
}
ORDERS: dict[str, Callable[[Repository], Any]] = {
    "full_name": lambda row: fold(row.name),
    "created": lambda row: row.created_at,
}
# What the API calls a level; the finer levels are shown as the coarser ones (contract of the endpoint).
PERMISSION_WORDS = {"none": "none", "pull": "read", "triage": "read", "push": "write", "maintain": "write"}
ROLE_WORDS = {"none": "none", "pull": "read", "push": "write"}


def get_repository(call: Call) -> Response:
    """``GET /repos/{owner}/{repo}`` and ``GET /repositories/{id}``."""
    body = full_repository(call.world, call.repository(), call.base_url, call.caller.account)
    return json_response(body)


def list_user_repositories(call: Call) -> Response:
    """``GET /users/{username}/repos``: ``type`` owner (default), member or all."""
    account = call.account()
    owned = call.world.repositories_of(account.id)
    invited = [row for row in call.world.repositories.values() if account.id in row.permissions]
    kinds = {"member": invited, "all": owned + invited}
    return _page(call, kinds.get(call.request.query.get("type", "owner"), owned), default_order="full_name")


def list_organisation_repositories(call: Call) -> Response:
    """``GET /orgs/{org}/repos``: ``type`` all (default), public, private, forks or sources."""
    rows = call.world.repositories_of(call.organisation().id)
    wanted = KINDS.get(call.request.query.get("type", "all"), lambda row: True)
    return _page(call, [row for row in rows if wanted(row)], default_order="created")


def get_collaborator_permission(call: Call) -> Response:
    """``GET /repos/{owner}/{repo}/collaborators/{username}/permission``: needs push access."""
    viewer = call.caller.require_account()
    repository = call.repository()
    if not permission_flags(call.world, repository, viewer)["push"]:
        raise Refused(403, "Must have push access to view collaborator permission.")
    return json_response(_collaborator_permission(call, repository, call.account()))


def get_content(call: Call) -> Response:
    """``GET /repos/{owner}/{repo}/contents/{path}``: a file, a directory, or the bare bytes."""
    repository = call.repository()
    path = call.arguments["path"].strip("/")
    if call.request.query.get("ref", "main") not in ("main", "refs/heads/main"):
        raise Refused(404, f"No commit found for the ref {call.request.query['ref']}")
    data = repository.files.get(path)
    if data is not None and "raw" in call.request.header("accept"):
        return Response(200, data, {"content-type": "application/vnd.github.raw+json; charset=utf-8"})
    if data is not None:
        return json_response(content_file(call.world, repository, path, call.base_url))
    entries = content_directory(call.world, repository, path, call.base_url)
    if not entries:
        raise Refused(404, "Not Found")
    return json_response(entries)


def get_gist(call: Call) -> Response:
    """``GET /gists/{gist_id}``."""
    gist = call.world.gists.get(call.arguments["gist_id"])
    if gist is None:
        raise Refused(404, "Not Found")
    return json_response(gist_simple(call.world, gist, call.base_url))


def _page(call: Call, rows: list[Repository], *, default_order: str) -> Response:
    query = call.request.query
    order = query.get("sort", default_order)
    descending = query.get("direction", "asc" if order == "full_name" else "desc") == "desc"
    rows = sorted(filter(call.is_visible, rows), key=ORDERS.get(order, ORDERS["created"]), reverse=descending)
    bodies = [minimal_repository(call.world, row, call.base_url, call.caller.account) for row in rows]
    return call.page_of(bodies)


def _collaborator_permission(call: Call, repository: Repository, account: Account) -> dict[str, Any]:
    level = call.world.permission(repository, account.id)
    role = ROLE_WORDS.get(level, level)
    flags = permission_flags(call.world, repository, account)
    user = {**simple_user(account, call.base_url), "role_name": role, "permissions": flags}
    return {"permission": PERMISSION_WORDS.get(level, level), "role_name": role, "user": user}
