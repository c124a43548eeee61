"""Turn the code that a browser brought back into a token.

allauth's own exchange follows redirects, has no time limit for the whole, reads bodies of any size, and fails
with a server error on JSON that is no object.
"""

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from bigcode_optout.accounts.github import client
from bigcode_optout.accounts.sign_in_failures import SignInFailed
from bigcode_optout.githubapi import BadAnswer, BadCredentials, Deadline, Unavailable
from bigcode_optout.githubapi.credentials import Credentials
from bigcode_optout.githubapi.fields import mapping, parsed_json
from bigcode_optout.githubapi.transport import Exchange, Transport

MOST_BYTES = 65_536
# GitHub sends its errors with status 200: "Troubleshooting OAuth app access token request errors".
_REFUSALS = {"bad_verification_code": "code_refused", "unverified_user_email": "unverified_email"}
_transport = Transport(user_agent="bigcode-optout", connect_timeout=2.0, read_timeout=5.0)


@sensitive_variables()
def exchange_code(*, code: str, verifier: str, redirect_uri: str, deadline: Deadline) -> str:
    """The access token for `code`. Raises `SignInFailed` where GitHub refuses, else `GitHubError`.

    `verifier` is the PKCE code verifier whose challenge the authorisation carried.
    """
    exchange = _transport.exchange(
        "POST",
        client().access_token_url,
        headers={"Accept": "application/json"},
        credentials=Credentials(None),
        deadline=deadline,
        max_bytes=MOST_BYTES,
        json={
            "client_id": settings.GITHUB_CLIENT_ID,
            "client_secret": settings.GITHUB_CLIENT_SECRET,
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
        },
    )
    return _token(exchange)


@sensitive_variables()
def _token(exchange: Exchange) -> str:
    if exchange.status >= 500:
        raise Unavailable(f"status {exchange.status}")
    if exchange.status != 200:
        raise BadAnswer(f"status {exchange.status}")
    answer = mapping(parsed_json(exchange.body), "token")
    error = answer.get("error")
    if error == "incorrect_client_credentials":
        raise BadCredentials(is_ours=True)
    if error is not None:
        raise SignInFailed(_REFUSALS.get(str(error), "refused"))
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise BadAnswer("access_token")
    return token
