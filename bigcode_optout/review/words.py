"""The desk's words: what states, guards, events and evidence are called to staff, and the marks of states."""

from collections.abc import Mapping
from dataclasses import dataclass

from bigcode_optout.claims.authority import Guard, Standing
from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.removals.assessing import RULE_TITLES
from bigcode_optout.removals.models import RequestState, ScopeItem


@dataclass(frozen=True)
class Mark:
    """A word with its bar: `colour` is us, wait, good, bad or empty (grey); full means settled."""

    word: str
    colour: str = ""
    is_full: bool = False


STATES: Mapping[str, Mark] = {
    RequestState.SUBMITTED: Mark("Received", "us"),
    RequestState.IN_REVIEW: Mark("In review", "us"),
    RequestState.NEEDS_INFORMATION: Mark("Question asked", "wait"),
    RequestState.ACCEPTED: Mark("Accepted", "good", True),
    RequestState.DENIED: Mark("Denied", "bad", True),
    RequestState.MERGED: Mark("Merged", "", True),
    RequestState.FULFILLED: Mark("Left out and verified", "good", True),
    RequestState.WITHDRAWN: Mark("Withdrawn", "", True),
    RequestState.OPTED_BACK_IN: Mark("Opted back in", "", True),
    RequestState.EXPIRED: Mark("Expired", "", True),
}
ITEM_STATES: Mapping[str, Mark] = {
    ScopeItem.ItemState.OPEN: Mark("Open", "us"),
    ScopeItem.ItemState.ACCEPTED: Mark("Accepted", "good", True),
    ScopeItem.ItemState.DECLINED: Mark("Declined", "bad", True),
}
# The worst first: a request is shown with the worst of its items.
PROOFS: Mapping[str, Mark] = {
    ScopeItem.ProofState.CONTRADICTED: Mark("Contradicted", "bad", True),
    ScopeItem.ProofState.UNPROVEN: Mark("Not shown", "bad"),
    ScopeItem.ProofState.PARTLY: Mark("In part", "wait"),
    ScopeItem.ProofState.UNKNOWN: Mark("Not checked yet", "us"),
    ScopeItem.ProofState.PROVEN: Mark("Shown", "good", True),
}
OUTCOMES: Mapping[str, Mark] = {
    "proven": Mark("Shown", "good", True),
    "not_proven": Mark("Not shown", "bad"),
    "unavailable": Mark("GitHub did not answer", "wait"),
    "evidence": Mark("Kept for the reviewer"),
}
STANDINGS: Mapping[Standing, Mark] = {
    Standing.OURS: Mark("this owner’s", "good", True),
    Standing.OTHERS: Mark("somebody else’s", "bad", True),
    Standing.GONE: Mark("gone from GitHub", "wait"),
    Standing.SILENT: Mark("not read", "wait"),
    Standing.NOT_ASKED: Mark("not asked", "wait"),
    Standing.UNSEARCHED: Mark("not searched", "wait"),
}
GUARDS: Mapping[str, str] = {
    Guard.NAME_TAKER: "Younger than the data",
    Guard.OTHER_OWNER: "Belongs to another account",
    Guard.UNRESOLVED: "A number is gone from GitHub",
    Guard.NOT_CONFIRMED: "Not tied to this account",
    Guard.TRANSFERRED: "Somebody else’s when the data was gathered",
    Guard.LOGIN_HELD: "Former name is another’s",
    Guard.LOGIN_NOT_SHOWN: "Former name shown in part",
    Guard.NO_ACCOUNT: "Without a GitHub account",
    Guard.ROLE_NOT_PROVEN: "Role not stated",
    Guard.LARGE_ORGANISATION: "Large organisation",
    Guard.MEMBERS_NOT_COUNTED: "Members not counted",
    Guard.GITHUB_SILENT: "GitHub was silent",
    Guard.TOO_MANY_TO_ASK: "Too many to ask about",
    Guard.LOCATING_GAVE_UP: "Not located",
    Guard.ROLE_PROVEN_LONG_AGO: "Role stated long ago",
    Guard.NAME_NOT_CURRENT: "Another name today",
    Guard.OWNER_NOT_READ: "Owner not read",
}
CLAIMS: Mapping[str, str] = {
    ClaimKind.ACCOUNT: "account",
    ClaimKind.ORGANISATION: "organisation",
    ClaimKind.FORMER_LOGIN: "former login",
    ClaimKind.REPOSITORY: "repository",
    ClaimKind.STATED: "name",
}
EVENTS: Mapping[str, str] = {
    "submit": "Submitted, receipt made",
    "begin_review": "Searched and checked, put into the queue",
    "ask": "Question asked",
    "answer": "Answered",
    "decide_items": "Decided in part",
    "split_off": "Repositories of a former login that are proven one by one made parts of their own",
    "accept": "Accepted",
    "deny": "Denied",
    "appeal": "Appealed",
    "object": "Objection raised",
    "take_back_objection": "Objection taken back",
    "new_evidence": "More was shown or told about a claim",
    "assess_again": "Judged anew",
    "invite_owner": "Link made for a second owner",
    "confirm_owner": "A second owner confirmed",
    "open_window": "Other owners told, seven days to object",
    "close_window": "Time to object over",
    "contradict": "GitHub contradicts the proof by now",
    "invite_to_confirm": "Asked to show an old role once more",
    "reopen": "Reopened",
    "merge": "Merged",
    "absorb": "A later request of the same person was merged into it",
    "revive": "Counts again: the earlier request does not stand for it any more",
    "asked_before": "Asked before in part",
    "join_people": "The requester’s two accounts here became one",
    "fulfil": "Left out and verified",
    "withdraw": "Withdrawn",
    "opt_back_in": "Opted back in",
    "remind": "Reminded of the question",
    "conclude": "Concluded without an answer: open parts declined",
    "expire": "Expired",
    "erase": "Words, names and address erased: its time was over",
    "erase_address": "Address and mails erased: nothing was left to be told",
    "note": "Note",
    "propose": "Decision proposed, waits for a second reviewer",
    "refuse_proposal": "Proposal refused",
    "take_back_proposal": "Proposal taken back",
    "assign": "Assigned",
    "block_account": "The requester’s account was blocked",
    "unblock_account": "The requester’s account was opened again",
    "freeze": "Frozen",
    "hand_over": "In the list handed over",
    "found_left": "A check found something of it left in the files",
    "fulfil_items": "A version is out that was verified to be without parts of it",
}
# The kinds of mails, as `removals.outbox` is told them.
MAILS: Mapping[str, str] = {
    "received": "Receipt",
    "question": "Question",
    "reminder": "Reminder",
    "accepted": "Decision",
    "denied": "Decision",
    "expired": "Expired",
    "merged": "Merged",
    "revived": "Counts again",
    "objected": "Objection",
    "contradicted": "Back in review",
    "co_owner_notice": "Notice to another owner",
    "invite_to_confirm": "Old role",
    "in_release": "On a list",
    "new_link": "New private link",
}
# The fields of a proof's evidence, as claims.steps and claims.services write them.
EVIDENCE: Mapping[str, str] = {
    "github_id": "GitHub number",
    "login": "login",
    "created_at": "account made",
    "organisation_id": "organisation’s number",
    "repository_id": "repository’s number",
    "owner_id": "owner’s number",
    "viewer_id": "read as number",
    "state": "membership",
    "role": "role",
    "admin": "administrator",
    "granted": "organisations readable",
    "code": "GitHub’s error",
    "login_account_id": "login held today by number",
    "login_account_created_at": "whose account was made",
    "login_read_at": "login read",
    "reason": "its reason",
    "field": "found in",
    "path": "file",
}


def event_title(code: str) -> str:
    """What happened, in words; a code without words is shown as it stands."""
    return EVENTS.get(code, code.replace("_", " ").capitalize())


def mail_title(kind: str) -> str:
    """The kind of a mail in words; one without words is shown as it stands."""
    return MAILS.get(kind, kind.replace("_", " ").capitalize())


def rule_title(rule: str) -> str:
    """The policy's rule in words."""
    return RULE_TITLES.get(rule, rule)
