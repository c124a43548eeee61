"""What stands in the admin. Django looks for this module."""

from bigcode_optout.review.admins import (
    catalog,
    mails,
    noted,
    people,
    reappearances,
    releases,
    requests,
    texts,
    tokens,
)

__all__ = ["catalog", "mails", "noted", "people", "reappearances", "releases", "requests", "texts", "tokens"]
