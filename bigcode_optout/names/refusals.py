"""Why a text is not a name: a code for machines, a sentence for people."""

import unicodedata
from collections.abc import Iterator

_SHOWN_LENGTH = 80


class NameRefused(ValueError):  # noqa: N818 - the sentence reads so: the name was refused
    """A text that is not a GitHub name.

    `code` is one of: empty, too_long, control_character, not_ascii, wildcard, space, not_a_name,
    other_host, reserved, ghost, names_a_repository, names_an_owner. `sentence` says what was wrong, in
    words for the person who typed it. `suggestion` is a valid name that the text resembles, or None; it is
    offered, never used.
    """

    def __init__(self, code: str, sentence: str, *, suggestion: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.suggestion = suggestion

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (self.code, self.sentence, self.suggestion)


def _restore(code: str, sentence: str, suggestion: str | None) -> NameRefused:
    return NameRefused(code, sentence, suggestion=suggestion)


def quoted(text: str) -> str:
    """Return `text` in quotation marks, safe to print: invisible characters as U+FFFD, cut after 80."""
    seen = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    if len(seen) > _SHOWN_LENGTH:
        seen = seen[: _SHOWN_LENGTH - 1] + "…"
    return f"“{seen}”"


def is_control(character: str) -> bool:
    """Tell whether a character steers instead of showing: control, tag, joiner, surrogate, private use."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


_WORDS = {
    "'": "an apostrophe",
    "’": "an apostrophe",
    "‘": "an apostrophe",
    '"': "a quotation mark",
    "“": "a quotation mark",
    "”": "a quotation mark",
    "`": "a back-tick",
    ",": "a comma",
    ";": "a semicolon",
    ":": "a colon",
    "@": "an at sign",
    ".": "a dot",
    "_": "an underscore",
    "/": "a slash",
    "\\": "a backslash",
    "(": "a bracket",
    ")": "a bracket",
    "[": "a bracket",
    "]": "a bracket",
    "#": "a number sign",
    "+": "a plus sign",
    "&": "an ampersand",
}


def _fault(character: str) -> tuple[str, str]:
    if is_control(character):
        word = "a control character" if unicodedata.category(character) == "Cc" else "an invisible character"
        return "control_character", f"{word} (U+{ord(character):04X})"
    if character in "*?%":
        return "wildcard", f"a wildcard ({character})"
    if character.isspace():
        return "space", "a space"
    if character in _WORDS:
        return "not_a_name", _WORDS[character]
    if not character.isascii():
        return "not_ascii", f"a letter or sign outside A to Z (“{character}”, U+{ord(character):04X})"
    return "not_a_name", f"the sign “{character}”"


_GRAVEST_FIRST = ("control_character", "not_ascii", "wildcard", "space", "not_a_name")


def faults(text: str, allowed: str) -> Iterator[tuple[str, str]]:
    """Yield (code, words) once for each sort of character outside `allowed`, in order of appearance."""
    said: set[str] = set()
    for character in text:
        if character.isascii() and (character.isalnum() or character in allowed):
            continue
        code, words = _fault(character)
        if words not in said:
            said.add(words)
            yield code, words


def refuse_characters(
    text: str, part: str, allowed: str, rule: str, suggestion: str | None
) -> NameRefused | None:
    """Return the refusal for the characters of `part`, a part of the typed `text`, outside `allowed`."""
    found = list(faults(part, allowed))
    if not found:
        return None
    code = min((code for code, _ in found), key=_GRAVEST_FIRST.index)
    words = [words for _, words in found[:3]]
    if len(found) > 3:
        words.append("more")
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return NameRefused(code, f"{quoted(text)} has {listed}. {rule}", suggestion=suggestion)
