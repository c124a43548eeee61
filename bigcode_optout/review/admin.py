"""What stands in the admin. Django looks for this module."""

from bigcode_optout.review.admins import catalog, mails, people, releases, requests

__all__ = ["catalog", "mails", "people", "releases", "requests"]
