"""The lifecycle's table as Markdown: a Mermaid state diagram and a table. Standard library only."""

from collections.abc import Iterator, Mapping

from bigcode_optout.removals.lifecycle import TABLE, Freeze, Role, State, Transition

BEGIN = "<!-- written by `make docs` from bigcode_optout/removals/lifecycle.py: begin -->"
END = "<!-- written by `make docs`: end -->"
_FREEZE_WORDS: Mapping[Freeze, str] = {
    Freeze.ANY: "",
    Freeze.NOT_FROZEN: "when accepted: only before the freeze",
    Freeze.FROZEN: "only after the freeze",
}


def with_diagram(text: str) -> str:
    """`text` with what stands between the two marks replaced. Raises ValueError when a mark is missing."""
    return between_marks(text, BEGIN, END, f"{diagram()}\n\n{table()}")


def between_marks(text: str, begin_mark: str, end_mark: str, body: str) -> str:
    """`text` with `body` between the two marks. Raises ValueError when a mark is missing."""
    before, begin, rest = text.partition(begin_mark)
    _, end, after = rest.partition(end_mark)
    if not (begin and end):
        raise ValueError("the marks between which the diagram stands are missing")
    return f"{before}{begin_mark}\n\n{body}\n\n{end_mark}{after}"


def diagram() -> str:
    """A Mermaid `stateDiagram-v2` in a fenced block, one arrow a verb and source."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.DRAFT}"]
    lines += [
        f"    {source} --> {row.target}: {row.verb}" for row in TABLE.values() for source in _sources(row)
    ]
    lines += [
        f"    {state} --> [*]" for state in State if not any(state in row.sources for row in TABLE.values())
    ]
    return "\n".join([*lines, "```"])


def table() -> str:
    """One line a verb: from, to, by whom, on what condition."""
    lines = ["| verb | from | to | by | condition |", "|---|---|---|---|---|"]
    for row in TABLE.values():
        sources = ", ".join(_spoken(source) for source in _sources(row))
        roles = ", ".join(_spoken(role) for role in Role if role in row.roles)
        conditions = "; ".join(_conditions(row))
        lines.append(f"| {row.verb} | {sources} | {_spoken(row.target)} | {roles} | {conditions} |")
    return "\n".join(lines)


def _sources(row: Transition) -> list[State]:
    return [state for state in State if state in row.sources]


def _conditions(row: Transition) -> Iterator[str]:
    if row.needs_another_person:
        yield "never by the requester"
    if row.only_once:
        yield "once"
    if _FREEZE_WORDS[row.freeze]:
        yield _FREEZE_WORDS[row.freeze]


def _spoken(word: str) -> str:
    return word.replace("_", " ")
