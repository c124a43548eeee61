"""What was found out about the repositories of a part, in figures and words: for its requester and for reviewers."""

from collections.abc import Iterator, Mapping


def led_in_words(found: Mapping[str, int]) -> str:
    """`214 of 231 repositories lead to this owner by number, 17 cannot be resolved any more`. Whether the requester may
    speak for the owner is another question.

    `found` is one version of `Assessment.as_dict()`: counts located, by_id, by_name, gone, others. Empty when nothing
    was located there.
    """
    return ", ".join(_pieces(found)) if found.get("located") else ""


def _pieces(found: Mapping[str, int]) -> Iterator[str]:
    located, by_id, by_name = found["located"], found.get("by_id", 0), found.get("by_name", 0)
    gone, others = found.get("gone", 0), found.get("others", 0)
    proven = by_id + by_name
    of_all = f"of {located:,} {'repository' if located == 1 else 'repositories'}"
    lead = f"{of_all} {'leads' if proven <= 1 else 'lead'} to this owner"
    if by_id and by_name:
        yield f"{proven:,} {lead}: {by_id:,} by number and {by_name:,} by name"
    elif by_id:
        yield f"{by_id:,} {lead} by number"
    elif by_name:
        yield f"{by_name:,} {lead} by name"
    else:
        yield f"none {lead}"
    if gone:
        yield f"{gone:,} cannot be resolved any more"
    if others:
        yield f"{others:,} {'leads' if others == 1 else 'lead'} to another account"
