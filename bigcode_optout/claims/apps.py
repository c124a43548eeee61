"""The room's wiring."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """What people say they control, and the proofs of it."""

    name = "bigcode_optout.claims"
    label = "claims"

    def ready(self) -> None:
        """Hear of sign-ins, and take the steps that need a person's token."""
        from bigcode_optout.accounts import sign_in_hooks, token_steps
        from bigcode_optout.claims import services, steps

        sign_in_hooks.register(services.claim_account)
        token_steps.register("organisation", steps.prove_organisation)
        token_steps.register("repository", steps.prove_repository)
