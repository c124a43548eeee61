"""JSON bodies about files: GitHub's schemas *content-file*, *content-directory* and *gist-simple*."""

import base64
import hashlib
from typing import Any
from urllib.parse import quote

from .account_bodies import simple_user
from .records import Gist, Repository
from .state import WorldState

# GitHub's documentation of "Get repository content": beyond this size only the raw bytes are sent.
LARGEST_INLINE_BYTES = 1024 * 1024


def content_file(world: WorldState, repository: Repository, path: str, base_url: str) -> dict[str, Any]:
    """*content-file*: the bytes in base64 with line breaks, or none for a large file."""
    data = repository.files[path]
    inline = len(data) <= LARGEST_INLINE_BYTES
    return {
        **_entry(world, repository, path, base_url, kind="file", sha=blob_id(data)),
        "size": len(data),
        "encoding": "base64" if inline else "none",
        "content": base64.encodebytes(data).decode() if inline else "",
    }


def content_directory(
    world: WorldState, repository: Repository, path: str, base_url: str
) -> list[dict[str, Any]]:
    """*content-directory*: what stands directly below ``path``; empty if there is no such directory."""
    prefix = f"{path}/" if path else ""
    below = sorted(name[len(prefix) :] for name in repository.files if name.startswith(prefix))
    entries = []
    for name in dict.fromkeys(rest.partition("/")[0] for rest in below):
        data = repository.files.get(prefix + name)
        kind, sha = ("dir", blob_id(name.encode())) if data is None else ("file", blob_id(data))
        entry = _entry(world, repository, prefix + name, base_url, kind=kind, sha=sha)
        entries.append({**entry, "size": len(data or b"")})
    return entries


def gist_simple(world: WorldState, gist: Gist, base_url: str) -> dict[str, Any]:
    """*gist-simple* with the files' text."""
    return {
        "url": f"{base_url}/api/v3/gists/{gist.id}",
        "id": gist.id,
        "html_url": f"{base_url}/gist/{gist.id}",
        "public": gist.public,
        "created_at": gist.created_at,
        "updated_at": gist.created_at,
        "description": None,
        "comments": 0,
        "owner": simple_user(world.accounts[gist.owner_id], base_url),
        "truncated": False,
        "files": {name: _gist_file(gist, name, base_url) for name in gist.files},
    }


def blob_id(data: bytes) -> str:
    """Git's id of a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _entry(
    world: WorldState, repository: Repository, path: str, base_url: str, *, kind: str, sha: str
) -> dict[str, Any]:
    full_name, quoted = world.full_name(repository), quote(path)
    address = f"{base_url}/api/v3/repos/{full_name}"
    links = {
        "self": f"{address}/contents/{quoted}?ref=main",
        "git": f"{address}/git/{'trees' if kind == 'dir' else 'blobs'}/{sha}",
        "html": f"{base_url}/{full_name}/{'tree' if kind == 'dir' else 'blob'}/main/{quoted}",
    }
    download = None if kind == "dir" else f"{base_url}/{full_name}/raw/main/{quoted}"
    return {
        "type": kind,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "url": links["self"],
        "git_url": links["git"],
        "html_url": links["html"],
        "download_url": download,
        "_links": links,
    }


def _gist_file(gist: Gist, name: str, base_url: str) -> dict[str, Any]:
    text = gist.files[name]
    return {
        "filename": name,
        "type": "text/plain",
        "language": "Text",
        "raw_url": f"{base_url}/gist/{gist.id}/raw/{quote(name)}",
        "size": len(text.encode()),
        "truncated": False,
        "content": text,
        "encoding": "utf-8",
    }
