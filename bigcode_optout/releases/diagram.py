"""The table of a release as Markdown: a Mermaid state diagram and a table. Standard library only."""

from bigcode_optout.releases.lifecycle import BEGIN as FIRST
from bigcode_optout.releases.lifecycle import TABLE, State, Transition, spoken
from bigcode_optout.removals.diagram import between_marks

BEGIN = "<!-- written by `make docs` from bigcode_optout/releases/lifecycle.py: begin -->"
END = "<!-- written by `make docs` for releases: end -->"


def with_diagram(text: str) -> str:
    """`text` with what stands between the two marks replaced. Raises ValueError when a mark is missing."""
    return between_marks(text, BEGIN, END, f"{diagram()}\n\n{table()}")


def diagram() -> str:
    """A Mermaid `stateDiagram-v2` in a fenced block, one arrow a verb and source."""
    verb, first = FIRST
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}: {verb}"]
    lines += [
        f"    {source} --> {row.target}: {row.verb}" for row in TABLE.values() for source in _sources(row)
    ]
    # From these nothing leads to another state.
    ends = [
        state for state in State if all(row.target is state for row in TABLE.values() if state in row.sources)
    ]
    lines += [f"    {state} --> [*]" for state in ends]
    return "\n".join([*lines, "```"])


def table() -> str:
    """One line a verb: from, to, and the permission that it needs."""
    lines = ["| verb | from | to | permission |", "|---|---|---|---|"]
    for row in TABLE.values():
        sources = ", ".join(spoken(source) for source in _sources(row))
        lines.append(f"| {row.verb} | {sources} | {spoken(row.target)} | `{row.permission}` |")
    return "\n".join(lines)


def _sources(row: Transition) -> list[State]:
    return [state for state in State if state in row.sources]
