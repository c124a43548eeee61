"""Read a page as people and browsers do."""

import re
from html.parser import HTMLParser
from typing import Any

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr", "path", "rect"}
_INLINE = {"a", "abbr", "b", "bdi", "code", "small", "span", "strong", "time", "wbr"}


class Reader(HTMLParser):
    """Collects text outside `script` and `style`, every start tag, and what was left open or closed too often."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag; a block parts words."""
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)
        if tag not in _INLINE:
            self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<path … />`."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Compare with what is open."""
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")
        if tag not in _INLINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        """Keep what is read."""
        if not self._open or self._open[-1] not in ("script", "style"):
            self.parts.append(data)

    def close(self) -> None:
        """Nothing may be left open."""
        super().close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]


def read(response: Any) -> Reader:
    """The page of a response."""
    reader = Reader()
    reader.feed(response.content.decode())
    reader.close()
    return reader


def text_of(response: Any) -> str:
    """What is read on the page, with single spaces."""
    return re.sub(r"\s+", " ", "".join(read(response).parts)).strip()


def links_of(response: Any) -> list[str]:
    """Where the page's links lead."""
    return [
        attributes["href"] or ""
        for tag, attributes in read(response).tags
        if tag == "a" and "href" in attributes
    ]
