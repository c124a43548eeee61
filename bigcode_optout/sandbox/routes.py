"""The table of the REST API: method and path to handler."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from . import account_calls as accounts
from . import application_calls as applications
from . import repository_calls as repositories
from .calls import Call
from .messages import Response

Handler = Callable[[Call], Response]


@dataclass(frozen=True)
class Route:
    """One line of the table; ``accepted_scopes`` go into the header, ``is_free`` spares the rate limit."""

    method: str
    template: str
    handler: Handler
    accepted_scopes: str = ""
    is_free: bool = False


ROUTES = (
    Route("GET", "/user", accounts.get_user),
    Route("GET", "/user/orgs", accounts.list_own_organisations, "read:org, user"),
    Route("GET", "/user/memberships/orgs/{org}", accounts.get_own_membership, "read:org"),
    Route("GET", "/user/{account_id}", accounts.get_user_by_id),
    Route("GET", "/users/{username}", accounts.get_user_by_login),
    Route("GET", "/users/{username}/repos", repositories.list_user_repositories),
    Route("GET", "/orgs/{org}", accounts.get_organisation),
    Route("GET", "/orgs/{org}/members", accounts.list_members, "read:org"),
    Route("GET", "/orgs/{org}/public_members", accounts.list_public_members),
    Route("GET", "/orgs/{org}/repos", repositories.list_organisation_repositories),
    Route("GET", "/repos/{owner}/{repo}", repositories.get_repository, "repo"),
    Route("GET", "/repositories/{repository_id}", repositories.get_repository, "repo"),
    Route("GET", "/repos/{owner}/{repo}/contents/{path*}", repositories.get_content, "repo"),
    Route("GET", "/repositories/{repository_id}/contents/{path*}", repositories.get_content, "repo"),
    Route(
        "GET",
        "/repos/{owner}/{repo}/collaborators/{username}/permission",
        repositories.get_collaborator_permission,
        "repo",
    ),
    Route(
        "GET",
        "/repositories/{repository_id}/collaborators/{username}/permission",
        repositories.get_collaborator_permission,
        "repo",
    ),
    Route("GET", "/gists/{gist_id}", repositories.get_gist),
    Route("POST", "/applications/{client_id}/token", applications.check_token),
    Route("DELETE", "/applications/{client_id}/token", applications.delete_token),
    Route("DELETE", "/applications/{client_id}/grant", applications.delete_grant),
    Route("GET", "/rate_limit", applications.get_rate_limit, is_free=True),
)


def _pattern(template: str) -> re.Pattern[str]:
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
    return re.compile(re.sub(r"\\{(\w+)\\\*\\}", r"(?P<\1>.*)", pattern))


PATTERNS = tuple((_pattern(route.template), route) for route in ROUTES)


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route for a path below ``/api/v3``, with the decoded parts of the path; None if there is none."""
    wanted = "GET" if method == "HEAD" else method
    for pattern, route in PATTERNS:
        match = pattern.fullmatch(path)
        if match and route.method == wanted:
            return route, {name: unquote(value) for name, value in match.groupdict().items()}
    return None
