"""The room's wiring."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who is signed in."""

    name = "bigcode_optout.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Offer the step that withdraws an authorisation."""
        from bigcode_optout.accounts import disconnecting, token_steps

        token_steps.register(disconnecting.STEP, disconnecting.run)
