"""What a label (release, dataset) may look like, so that it can stand in any of our files unescaped."""

import re

_PLAIN_LINE = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def is_plain_line(text: object) -> bool:
    """Say whether `text` is one line of printable ASCII, not empty, without blanks at its ends."""
    return isinstance(text, str) and _PLAIN_LINE.fullmatch(text) is not None
