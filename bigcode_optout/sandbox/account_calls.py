"""REST calls about people and organisations."""

from .account_bodies import (
    org_membership,
    organization_full,
    organization_simple,
    private_user,
    public_user,
    simple_user,
)
from .calls import API_PREFIX, Call
from .fault_kinds import POLICY_TEXT
from .messages import Refused, Response, json_response
from .records import Account


def get_user(call: Call) -> Response:
    """``GET /user``: oneself; the private kind with the scope ``user``."""
    account = call.caller.require_account()
    body = private_user if call.caller.has_scope("user") else public_user
    return json_response(body(call.world, account, call.base_url))


def get_user_by_login(call: Call) -> Response:
    """``GET /users/{username}``: whoever holds the login now."""
    return _public(call, call.account())


def get_user_by_id(call: Call) -> Response:
    """``GET /user/{account_id}``: the account, whatever it is called now."""
    return _public(call, call.account_by_id())


def get_own_membership(call: Call) -> Response:
    """``GET /user/memberships/orgs/{org}``: 404 without ``read:org`` or membership, 403 where apps are kept out."""
    account = call.caller.require_account()
    organisation = call.organisation()
    membership = call.world.membership(organisation.id, account.id)
    if membership is None or not call.caller.has_scope("read:org"):
        raise Refused(404, "Not Found")
    if organisation.blocks_apps:
        raise Refused(403, POLICY_TEXT)
    return json_response(org_membership(organisation, account, membership, call.base_url))


def list_own_organisations(call: Call) -> Response:
    """``GET /user/orgs``: where one is an active member and the app may look; 403 without a scope for it."""
    account = call.caller.require_account()
    if not call.caller.has_scope("user", "read:org"):
        raise Refused(403, "You need at least read:org scope or user scope to list your organizations.")
    belonging = [organisation for organisation, _ in call.world.memberships_of(account.id)]
    organisations = [organisation for organisation in belonging if not organisation.blocks_apps]
    return call.page_of([organization_simple(row, call.base_url) for row in organisations])


def list_members(call: Call) -> Response:
    """``GET /orgs/{org}/members``: all for a member with ``read:org``; anybody else is sent to the public ones."""
    organisation, account = call.organisation(), call.caller.account
    membership = call.world.membership(organisation.id, account.id) if account else None
    if membership is None or membership.state != "active" or not call.caller.has_scope("read:org"):
        url = f"{call.base_url}{API_PREFIX}/orgs/{organisation.login}/public_members"
        return Response(302, headers={"location": url})
    if organisation.blocks_apps:
        raise Refused(403, POLICY_TEXT)
    return _people(call, call.world.members_of(organisation, public_only=False))


def list_public_members(call: Call) -> Response:
    """``GET /orgs/{org}/public_members``: who shows that they belong to it; readable without a token."""
    return _people(call, call.world.members_of(call.organisation(), public_only=True))


def get_organisation(call: Call) -> Response:
    """``GET /orgs/{org}``: the public profile, readable without a token."""
    return json_response(organization_full(call.world, call.organisation(), call.base_url))


def _people(call: Call, accounts: list[Account]) -> Response:
    return call.page_of([simple_user(account, call.base_url) for account in accounts])


def _public(call: Call, account: Account) -> Response:
    return json_response(public_user(call.world, account, call.base_url))
