"""The named reasons to let a person decide, with the sentence that the requester and the reviewer read."""

from enum import StrEnum


class Guard(StrEnum):
    """A named reason to let a person decide."""

    NAME_TAKER = "name_taker"
    OTHER_OWNER = "other_owner"
    UNRESOLVED = "unresolved"
    NOT_CONFIRMED = "not_confirmed"
    TRANSFERRED = "transferred"
    LOGIN_HELD = "login_held"
    LOGIN_NOT_SHOWN = "login_not_shown"
    ROLE_NOT_PROVEN = "role_not_proven"
    NO_ACCOUNT = "no_account"
    LARGE_ORGANISATION = "large_organisation"
    MEMBERS_NOT_COUNTED = "members_not_counted"
    GITHUB_SILENT = "github_silent"
    TOO_MANY_TO_ASK = "too_many_to_ask"
    LOCATING_GAVE_UP = "locating_gave_up"
    ROLE_PROVEN_LONG_AGO = "role_proven_long_ago"
    NAME_NOT_CURRENT = "name_not_current"
    OWNER_NOT_READ = "owner_not_read"


GUARD_SENTENCES: dict[Guard, str] = {
    Guard.NAME_TAKER: "It was made on GitHub after the day the data stands for, so the name was somebody else’s then.",
    Guard.OTHER_OWNER: "A repository under this name belongs to another GitHub account.",
    Guard.UNRESOLVED: "A repository with a number no longer exists on GitHub, so its owner cannot be read.",
    Guard.NOT_CONFIRMED: "In a version without repository numbers, nothing could be tied to this account.",
    Guard.TRANSFERRED: "A repository is this account’s today, but what GitHub says points to somebody else on the day "
    "the data stands for.",
    Guard.LOGIN_HELD: "The former name belongs to another account, which is older than the data.",
    Guard.LOGIN_NOT_SHOWN: "Too few of the repositories under the former name could be tied to this account to take "
    "the whole name.",
    Guard.ROLE_NOT_PROVEN: "GitHub did not state a role that allows this decision.",
    Guard.NO_ACCOUNT: "It was asked for without a GitHub account, so GitHub cannot show whose it is.",
    Guard.LARGE_ORGANISATION: "The organisation is large: more than one of its owners should know.",
    Guard.MEMBERS_NOT_COUNTED: "GitHub did not show how many members the organisation has, so it is taken for a large "
    "one: more than one of its owners should know.",
    Guard.GITHUB_SILENT: "GitHub did not answer, so ownership could not be read.",
    Guard.TOO_MANY_TO_ASK: "There are too many repositories to ask GitHub about each.",
    Guard.LOCATING_GAVE_UP: "A dataset version could not be searched.",
    Guard.ROLE_PROVEN_LONG_AGO: "GitHub stated the role more than a day before the request, so it may have changed.",
    Guard.NAME_NOT_CURRENT: "On GitHub the account has another name by now, so this name may be somebody else’s.",
    Guard.OWNER_NOT_READ: "What belongs to the account was not read: GitHub was silent, the account is gone, or it has "
    "more repositories than we read.",
}
