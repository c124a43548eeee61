"""Understand what a person typed or pasted as the name of an account or a repository."""

import re
import unicodedata

from .addresses import address_parts
from .folding import fold
from .model import OwnerName, RepositoryName
from .patterns import OWNER_LENGTH, REPOSITORY_NAME_LENGTH
from .refusals import NameRefused, is_control, quoted, refuse_characters
from .routes import SITE_ROUTES

_BLANKS = " \t\r\n\u00a0"
_INPUT_LENGTH = 2_000
_OWNER_RULE = "The name of a GitHub account has only letters A to Z, digits and hyphens."
_NAME_RULE = "The name of a repository has only letters A to Z, digits, dots, hyphens and underscores."
_MAIL = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+")


def parse(text: str) -> OwnerName | RepositoryName:
    """Read a login, an `owner/name` or a pasted GitHub address, in any letter case.

    Blanks around it, a leading `@` and a trailing `.git` or slash are dropped; nothing else is mended.
    Raises NameRefused.
    """
    typed = text.strip(_BLANKS)
    try:
        return _read(typed)
    except NameRefused as refused:
        if refused.suggestion is None:
            refused.suggestion = suggest(typed)
        raise


def parse_owner(text: str) -> OwnerName:
    """Read the name of an account. Raises NameRefused, with code `names_a_repository` for `owner/name`."""
    name = parse(text)
    if isinstance(name, OwnerName):
        return name
    raise NameRefused(
        "names_a_repository",
        f"{quoted(name.shown)} is a repository. The name of an account is needed here.",
        suggestion=name.owner,
    )


def parse_repository(text: str) -> RepositoryName:
    """Read the name of a repository. Raises NameRefused, with code `names_an_owner` for a login alone."""
    name = parse(text)
    if isinstance(name, RepositoryName):
        return name
    raise NameRefused(
        "names_an_owner",
        f"{quoted(name.shown)} is an account. A repository is written owner/name, like {name.shown}/website.",
    )


def suggest(text: str) -> str | None:
    """Return a valid name close to `text` (possessive and quotation marks off, blanks as hyphens) or None."""
    mended = unicodedata.normalize("NFKC", text[:_INPUT_LENGTH])
    mended = "".join(character for character in mended if not is_control(character)).strip()
    mended = re.sub(r"['’]s$", "", mended)
    mended = re.sub(r"[\"“”‘’'`,;*()<>\[\]]", "", mended).strip(" .:/")
    mended = re.sub(r"\s*/\s*", "/", mended)
    mended = re.sub(r"\s+", "-", mended)
    if mended.count("/") > 1 and "://" not in mended:
        mended = "/".join(mended.split("/")[:2])
    try:
        name = _read(mended)
    except NameRefused:
        return None
    return None if name.shown == text else name.shown


def _read(typed: str) -> OwnerName | RepositoryName:
    if not typed:
        raise NameRefused("empty", "Nothing was typed. Type the name of a GitHub account or repository.")
    if len(typed) > _INPUT_LENGTH:
        raise NameRefused("too_long", f"{quoted(typed)} is too long to be a GitHub name.")
    # Before an address is taken apart: Python's URL parser silently drops tabs and line feeds.
    if not typed.isprintable() and any(is_control(character) for character in typed):
        raise refuse_characters(
            typed, "".join(filter(is_control, typed)), "", _OWNER_RULE, None
        ) or _not_a_name(typed)
    parts = address_parts(typed)
    if parts is None:
        parts = _plain_parts(typed)
    owner = _owner(typed, parts[0])
    if len(parts) == 1:
        return OwnerName(owner)
    return RepositoryName(owner, _repository_name(typed, parts[1]))


def _plain_parts(typed: str) -> list[str]:
    if _MAIL.fullmatch(typed):
        raise NameRefused(
            "not_a_name", f"{quoted(typed)} is an e-mail address. The name of a GitHub account is needed."
        )
    parts = typed.removeprefix("@").removesuffix("/").split("/")
    if len(parts) > 2:
        raise NameRefused(
            "not_a_name", f"{quoted(typed)} has {len(parts) - 1} slashes. A repository is written owner/name."
        )
    if not all(parts):
        raise NameRefused("not_a_name", f"{quoted(typed)} is not a name. A repository is written owner/name.")
    if fold(parts[0]) in SITE_ROUTES:
        raise NameRefused(
            "reserved", f"{quoted(parts[0])} is one of GitHub’s own pages, so no account has that name."
        )
    return parts


def _owner(typed: str, part: str) -> str:
    # An underscore is right in a managed user's name, so the pattern judges it, not the list of characters.
    if refused := refuse_characters(typed, part, "-_", _OWNER_RULE, None):
        raise refused
    if len(part) > OWNER_LENGTH:
        raise NameRefused(
            "too_long",
            f"{quoted(part)} has {len(part)} characters. A GitHub account’s name has up to {OWNER_LENGTH}.",
        )
    try:
        return OwnerName(part).login
    except NameRefused as refused:
        if refused.code == "ghost":
            raise
    raise NameRefused("not_a_name", f"{quoted(typed)} has an underscore in an unusual place. {_OWNER_RULE}")


def _repository_name(typed: str, part: str) -> str:
    name = part
    while fold(name).endswith(".git"):
        name = name[:-4]
    if refused := refuse_characters(typed, name, "-_.", _NAME_RULE, None):
        raise refused
    if len(name) > REPOSITORY_NAME_LENGTH:
        raise NameRefused(
            "too_long",
            f"{quoted(name)} has {len(name)} characters. "
            f"The name of a repository has up to {REPOSITORY_NAME_LENGTH}.",
        )
    if name in ("", ".", ".."):
        raise _not_a_name(typed)
    return name


def _not_a_name(typed: str) -> NameRefused:
    return NameRefused("not_a_name", f"{quoted(typed)} is not a name. A repository is written owner/name.")
