"""Addresses of requests: making one, and following it."""

from django.urls import path

from bigcode_optout.pages.views import check, choose, claims, describe, former_login, receipts, status

urlpatterns = [
    path("requests/new/", choose.choose, name="choose"),
    path("requests/new/organisation/", claims.claim_organisation, name="claim_organisation"),
    path("requests/new/repository/", claims.claim_repository, name="claim_repository"),
    path("requests/new/former-name/", former_login.claim_former_login, name="claim_former_login"),
    path("requests/new/details/", describe.describe, name="describe"),
    path("requests/new/check/", check.check, name="check"),
    path("requests/new/discard/", check.discard, name="discard"),
    path("requests/<reference:reference>/", status.status, name="status"),
    path("requests/<reference:reference>/as-requester/", status.as_requester, name="as_requester"),
    path("requests/<reference:reference>/sent/", check.sent, name="sent"),
    path("requests/<reference:reference>/progress/", status.progress, name="progress"),
    path("requests/<reference:reference>/answer/", status.answer, name="answer"),
    path("requests/<reference:reference>/appeal/", status.appeal, name="appeal"),
    path("requests/<reference:reference>/withdraw/", status.withdraw, name="withdraw"),
    path("requests/<reference:reference>/opt-back-in/", status.opt_back_in, name="opt_back_in"),
    path("requests/<reference:reference>/receipt/", receipts.receipt, name="receipt"),
    path("requests/<reference:reference>/receipt.json", receipts.receipt_json, name="receipt_json"),
]
