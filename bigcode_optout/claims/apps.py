"""The room's wiring."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """What people say they control, and the proofs of it."""

    name = "bigcode_optout.claims"
    label = "claims"

    def ready(self) -> None:
        """Hear of sign-ins and merged people, and take the steps that need a person's token."""
        from bigcode_optout.accounts import merge_hooks, sign_in_hooks, token_steps
        from bigcode_optout.claims import moving, services, steps

        sign_in_hooks.register(services.claim_account)
        merge_hooks.register(merge_hooks.MergeHook(moving.move_claims, moving.foretell_claims))
        token_steps.register("organisation", steps.prove_organisation)
        token_steps.register("repository", steps.prove_repository)
