"""REST calls of an app about its own tokens and grants, and about its rate limit."""

import hashlib
from datetime import UTC, datetime

from .account_bodies import simple_user
from .calls import Call
from .grants import Token
from .messages import Refused, Response, json_response

VALIDATION_DOCUMENTATION = "https://docs.github.com/rest/apps/oauth-applications"


def check_token(call: Call) -> Response:
    """``POST /applications/{client_id}/token``: what a token of this app is good for; 404 for any other."""
    token = _named_token(call)
    base, client_id = call.base_url, token.client_id
    created_at = datetime.fromtimestamp(token.created_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {
        "id": token.id,
        "url": f"{base}/api/v3/authorizations/{token.id}",
        "app": {"name": client_id, "url": base, "client_id": client_id},
        "token": token.value,
        "hashed_token": hashlib.sha256(token.value.encode()).hexdigest(),
        "token_last_eight": token.value[-8:],
        "note": None,
        "note_url": None,
        "fingerprint": None,
        "scopes": list(token.scopes),
        "created_at": created_at,
        "updated_at": created_at,
        "expires_at": None,
        "user": simple_user(call.world.accounts[token.account_id], base),
    }
    return json_response(body)


def delete_token(call: Call) -> Response:
    """``DELETE /applications/{client_id}/token``: end this token only."""
    call.world.grants.revoke_token(_named_token(call).value)
    return Response(204)


def delete_grant(call: Call) -> Response:
    """``DELETE /applications/{client_id}/grant``: end all tokens and forget the scopes granted."""
    token = _named_token(call)
    call.world.grants.revoke_grant(token.account_id, token.client_id)
    return Response(204)


def get_rate_limit(call: Call) -> Response:
    """``GET /rate_limit``: costs nothing."""
    core = call.limits.allowance(call.caller).as_json()
    search = {"limit": 30, "remaining": 30, "reset": core["reset"], "used": 0}
    return json_response({"resources": {"core": core, "search": search}, "rate": core})


def _named_token(call: Call) -> Token:
    client_id = call.caller.client_id
    if client_id is None:
        raise Refused(401, "Requires authentication")
    if client_id != call.arguments["client_id"]:
        raise Refused(404, "Not Found")
    value = call.request.fields().get("access_token")
    if not isinstance(value, str) or not value:
        missing = {"resource": "OauthAccess", "field": "access_token", "code": "missing_field"}
        raise Refused(422, "Validation Failed", errors=[missing], documentation_url=VALIDATION_DOCUMENTATION)
    token = call.world.grants.tokens.get(value)
    if token is None or token.client_id != client_id:
        raise Refused(404, "Not Found")
    return token
