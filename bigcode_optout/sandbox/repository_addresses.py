"""The addresses that a repository's body carries."""

# Key: what follows the repository's own API address; the schemas require all of these.
ADDRESSES = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def api_addresses(full_name: str, base_url: str) -> dict[str, str]:
    """The API's addresses and URI templates for one repository."""
    api = f"{base_url}/api/v3/repos/{full_name}"
    return {"url": api, **{key: api + rest for key, rest in ADDRESSES.items()}}


def clone_addresses(full_name: str, base_url: str) -> dict[str, str]:
    """Where git would find the repository."""
    host = base_url.partition("://")[2]
    return {
        "git_url": f"git://{host}/{full_name}.git",
        "ssh_url": f"git@{host.partition(':')[0]}:{full_name}.git",
        "clone_url": f"{base_url}/{full_name}.git",
        "svn_url": f"{base_url}/{full_name}",
    }
