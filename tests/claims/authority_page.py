"""The parts of docs/authority.md that test runs make: compared, or written when WRITE_DOCS is set (`make docs`)."""

import os
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "authority.md"


def part(name: str) -> str:
    """What stands on the page between the marks of that part, without empty lines around it."""
    _before, begin, rest = PAGE.read_text(encoding="utf-8").partition(_begin(name))
    text, end, _after = rest.partition(_end(name))
    assert begin and end, f"the marks of {name} are missing on {PAGE.name}"
    return text.strip()


def is_writing() -> bool:
    """True when the page is to be written rather than compared."""
    return bool(os.environ.get("WRITE_DOCS"))


def write_part(name: str, text: str) -> None:
    """Put `text` between the marks."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_begin(name))
    _, _, after = rest.partition(_end(name))
    PAGE.write_text(f"{before}{_begin(name)}\n\n{text}\n\n{_end(name)}{after}", encoding="utf-8")


def _begin(name: str) -> str:
    return f"<!-- {name}, made by a test run with `make docs`: begin -->"


def _end(name: str) -> str:
    return f"<!-- {name}: end -->"
