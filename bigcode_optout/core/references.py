"""Reference numbers such as OPT-7KQ2-M9XD: short enough to be read out, random enough not to be guessed."""

import re
import secrets

# No 0 O 1 I L (alike in print), no U V (alike aloud): 29 characters, 8 of them give 5 * 10^11 numbers.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
PATTERN = re.compile(rf"OPT-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


def new_reference() -> str:
    """A fresh random reference number; the caller's unique column catches the rare repeat."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"OPT-{letters[:4]}-{letters[4:]}"


def parse_reference(text: str) -> str | None:
    """The reference number in `text` as somebody typed it (any case, blanks, missing hyphens), or None."""
    bare = re.sub(r"[^0-9A-Z]", "", text.upper()).removeprefix("OPT")
    candidate = f"OPT-{bare[:4]}-{bare[4:]}"
    return candidate if PATTERN.fullmatch(candidate) else None


class ReferenceConverter:
    """Path converter `<reference:reference>`; anything else is a 404 before a query is made."""

    regex = PATTERN.pattern

    def to_python(self, value: str) -> str:
        """The value as it stands in the database."""
        return value

    def to_url(self, value: str) -> str:
        """The value as it stands in the address."""
        return value
