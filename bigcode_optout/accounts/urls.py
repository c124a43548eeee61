"""Addresses of signing in. Of allauth's own pages none is served."""

from django.urls import path

from bigcode_optout.accounts import merge_views, sign_in, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", views.account, name="account"),
    path("account/merge/", merge_views.merge, name="merge"),
    path("accounts/join/", views.join, name="join"),
    path("accounts/disconnect/<int:github_id>/", views.disconnect, name="disconnect"),
    path("accounts/github/login/", views.sign_in, name="github_login"),
    # Registered with GitHub as the OAuth app's call-back address.
    path("accounts/github/login/callback/", sign_in.callback, name="github_callback"),
]
