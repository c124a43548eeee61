"""Addresses about who may decide: ways to show it, second owners, objections."""

from django.urls import path

from bigcode_optout.pages.views import claim_ways, organisations, second_owner

urlpatterns = [
    path("claims/<int:claim_id>/", claim_ways.claim, name="claim"),
    path("claims/<int:claim_id>/profile-code/", claim_ways.profile_code, name="profile_code"),
    path("claims/<int:claim_id>/file/", claim_ways.file_code, name="file_code"),
    path("claims/<int:claim_id>/progress/<slug:place>/", claim_ways.code_progress, name="code_progress"),
    path("claims/<int:claim_id>/evidence/", claim_ways.tell, name="tell"),
    path("requests/<reference:reference>/second-owner/", second_owner.invite, name="invite_owner"),
    path("second-owner/<slug:code>/", second_owner.confirm, name="confirm_owner"),
    path("organisations/<int:organisation_id>/", organisations.organisation, name="organisation"),
    path(
        "organisations/<int:organisation_id>/requests/<int:request_id>/object/",
        organisations.object_to,
        name="object",
    ),
    path("objections/<int:objection_id>/take-back/", organisations.take_back, name="take_back"),
]
