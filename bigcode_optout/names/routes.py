"""Words that stand first in a github.com address and are GitHub's own pages, not accounts.

Only words known to be pages are here (GitHub's site map, footer and documentation). A page that is missing
costs a look-up that finds nothing; a real account in the list, such as `git`, `actions` or `community`,
could not ask.
"""

_PAGES = (
    "about account advisories apps auth codespaces collections contact copilot customer-stories dashboard",
    "discussions enterprise enterprises events explore features gist gists issues join login logout",
    "marketplace mobile new notifications organizations orgs password_reset premium-support pricing pulls",
    "readme resources search security sessions settings signup site sitemap solutions sponsors stars team",
    "topics trending users watching",
)

SITE_ROUTES = frozenset(word for line in _PAGES for word in line.split())

OWNER_ROUTES = frozenset({"orgs", "users"})
"""Routes that an account follows: https://github.com/orgs/NAME/people is a page of NAME."""
