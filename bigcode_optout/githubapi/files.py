"""A file's bytes out of GitHub's contents answer."""

import base64
import binascii

from bigcode_optout.githubapi import fields
from bigcode_optout.githubapi.errors import BadAnswer, NotFound


def file_bytes(body: object, max_bytes: int) -> bytes:
    """The bytes of a *content-file*.

    Raises NotFound for what is there but is no file (a folder, a symbolic link, a submodule) and BadAnswer
    for more than `max_bytes` or a body that contradicts itself.
    """
    if isinstance(body, list):
        raise NotFound("a folder")
    content = fields.mapping(body, "content")
    if content.get("type") in ("dir", "symlink", "submodule"):
        raise NotFound("not a file")
    fields.choice(content, "type", ("file",))
    size = content.get("size")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise BadAnswer("size")
    if size > max_bytes:
        raise BadAnswer("too large")
    fields.choice(content, "encoding", ("base64",))
    data = _decoded(content.get("content"))
    if data is None or len(data) != size:
        raise BadAnswer("content")
    return data


def _decoded(text: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
