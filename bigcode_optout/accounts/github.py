"""The site's own client of GitHub, made from the settings."""

from functools import cache

from django.conf import settings

from bigcode_optout.githubapi import GitHubClient


def client() -> GitHubClient:
    """A client for GITHUB_URL that asks as this site's OAuth app."""
    return _client(settings.GITHUB_URL, settings.GITHUB_CLIENT_ID, settings.GITHUB_CLIENT_SECRET)


@cache
def _client(web_url: str, client_id: str, client_secret: str) -> GitHubClient:
    return GitHubClient(
        web_url,
        client_id=client_id,
        client_secret=client_secret,
        user_agent=f"bigcode-optout ({settings.SITE_URL})",
    )
