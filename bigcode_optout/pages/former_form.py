"""Which name was given up, and by which account."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from bigcode_optout.claims.models import Claim
from bigcode_optout.names import OwnerName, parse_owner
from bigcode_optout.pages.forms import NameForm


class FormerLoginForm(NameForm):
    """A former login, and the claim of the account or organisation that had it: asked only where there are several."""

    name_label = "The name before"
    name_hint = "As it was in the address on GitHub: letters A to Z, digits and hyphens."

    claim = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        label="Whose name was it?",
        error_messages={
            "required": "Choose whose name it was.",
            "invalid_choice": "Choose one of your accounts or organisations.",
        },
    )

    def __init__(
        self, owners: Sequence[Claim], data: QueryDict | None = None, *, initial: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        field = self.fields["claim"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(owner.pk, owner.name) for owner in owners]
        self.owners = list(owners)
        if len(self.owners) == 1:
            field.required = False

    def clean_claim(self) -> int:
        """The chosen claim, or the only one there is."""
        chosen = self.cleaned_data["claim"]
        return int(chosen) if chosen else self.owners[0].pk

    def parse(self, typed: str) -> OwnerName:
        """Read the name of an account."""
        return parse_owner(typed)
