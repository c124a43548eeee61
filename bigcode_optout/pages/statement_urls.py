"""Addresses of asking without a GitHub account."""

from django.urls import path

from bigcode_optout.pages.views import private, without_account

urlpatterns = [
    path("without-account/", without_account.choose_case, name="without_account"),
    path("without-account/write/", without_account.write, name="write_statement"),
    path("without-account/mailed/", without_account.mailed, name="statement_mailed"),
    path("without-account/new-link/", private.new_link, name="new_link"),
    path(
        "without-account/<int:number>/confirm/<slug:code>/", without_account.confirm, name="confirm_statement"
    ),
    path("without-account/<int:number>/follow/<slug:code>/", private.follow, name="follow"),
    path("without-account/<int:number>/take-back/<slug:code>/", private.take_back, name="take_back"),
    path("requests/<reference:reference>/leave/", private.leave_page, name="leave"),
]
