"""Where on a server things are asked: the API's root, and the names that may stand in a path."""

from urllib.parse import quote, urlsplit

from bigcode_optout.githubapi.errors import NotFound
from bigcode_optout.names import NameRefused, OwnerName, split_full_name

GITHUB_URL = "https://github.com"


def checked_web_url(web_url: str) -> str:
    """The address of a GitHub server without a slash at its end; raises ValueError for anything else."""
    parts = urlsplit(web_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("the web address of a GitHub server is needed, like https://github.com")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def api_url(web_url: str) -> str:
    """The root of the REST API: its own host for github.com, `/api/v3` on every other server.

    Source: GitHub Enterprise Server documentation, "Getting started with the REST API".
    """
    return "https://api.github.com" if web_url == GITHUB_URL else f"{web_url}/api/v3"


def owner_part(login: str) -> str:
    """The login, safe in a path; raises NotFound for what GitHub cannot have, so that it is never asked."""
    try:
        return OwnerName(login).login
    except NameRefused:
        pass
    raise NotFound("not a name")


def repository_part(full_name: str) -> str:
    """`owner/name`, safe in a path; raises NotFound likewise."""
    name = split_full_name(full_name)
    if name is None:
        raise NotFound("not a name")
    return name.full_name


def file_part(path: str) -> str:
    """A file's path inside its repository, quoted; raises ValueError for empty parts, `.` and `..`."""
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise ValueError("a path inside the repository is needed")
    return "/".join(quote(part, safe="") for part in parts)
