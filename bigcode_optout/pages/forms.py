"""The desk's forms: sentences instead of codes, and an error summary that links to each field."""

from typing import Any

from django import forms
from django.http import QueryDict

from bigcode_optout.names import NameRefused, OwnerName, RepositoryName, parse_owner, parse_repository
from bigcode_optout.removals.models import Ground

MESSAGE_LENGTH = 2000
TEXT_LENGTH = 4000
_READERS = "Only reviewers read it. No passwords or keys, please."


class DeskForm(forms.Form):
    """A form whose fields have their own names as ids."""

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="%s", label_suffix="")

    def summary(self) -> list[tuple[str, str]]:
        """For the error summary: the id of each field and the sentence about it."""
        return [(name, str(sentence)) for name, sentences in self.errors.items() for sentence in sentences]


class LongText(forms.CharField):
    """Several lines; line ends are counted as one character each, whatever the browser sends."""

    widget = forms.Textarea(attrs={"rows": 5})

    def __init__(self, *, longest: int, empty: str = "", **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(
            error_messages={
                "required": empty,
                "null_characters_not_allowed": "It has a character that cannot be kept.",
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        """The text with plain line feeds."""
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        """Refuse what is too long, with both lengths."""
        super().validate(value)
        if len(value) > self.longest:
            raise forms.ValidationError(f"This has {len(value):,} characters. Up to {self.longest:,} fit.")


class AddressField(forms.EmailField):
    """An e-mail address; the refusal says what is wrong with it."""

    def clean(self, value: Any) -> str:
        """The address as it was typed, without blanks around it."""
        typed = str(value or "").strip()
        try:
            return super().clean(typed)
        except forms.ValidationError as error:
            if not typed:
                raise forms.ValidationError("Write your e-mail address.") from error
            if "@" not in typed:
                raise forms.ValidationError("An address has an “@”, as in name@example.org.") from error
            raise forms.ValidationError(
                "This is not an e-mail address. One looks like name@example.org."
            ) from error


class DescribeForm(DeskForm):
    """Step 2: all of it optional."""

    ground = forms.ChoiceField(
        choices=Ground.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the reasons, or none."},
    )
    message = LongText(
        longest=MESSAGE_LENGTH,
        required=False,
        label="Message to the reviewer (optional)",
        help_text=f"{_READERS} Up to {MESSAGE_LENGTH:,} characters.",
    )
    email = AddressField(
        required=False,
        label="E-mail address (optional)",
        help_text="For news about this request only. Without it you see everything here.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class AnswerForm(DeskForm):
    """The answer to a reviewer's question."""

    answer = LongText(
        longest=TEXT_LENGTH, empty="Write your answer.", label="Your answer", help_text=_READERS
    )


class AppealForm(DeskForm):
    """Why a decision should be looked at again."""

    appeal = LongText(
        longest=TEXT_LENGTH,
        empty="Write why the decision should be looked at again.",
        label="Why should it be looked at again?",
        help_text=_READERS,
    )


def _name_widget() -> forms.TextInput:
    return forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"})


class NameForm(DeskForm):
    """One name; `cleaned_data["name"]` is what the room `names` made of it."""

    name = forms.CharField(strip=False, required=False, widget=_name_widget())
    name_label = ""
    name_hint = ""

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["name"].label, self.fields["name"].help_text = self.name_label, self.name_hint

    def parse(self, typed: str) -> OwnerName | RepositoryName:
        """Read the name. Raises NameRefused."""
        raise NotImplementedError

    def clean_name(self) -> OwnerName | RepositoryName:
        """The name, or the sentence of its refusal with the suggestion there may be."""
        try:
            return self.parse(self.cleaned_data["name"])
        except NameRefused as refused:
            raise forms.ValidationError(f"{refused.sentence}{self._hint(refused.suggestion)}") from refused

    def _hint(self, suggestion: str | None) -> str:
        """The suggestion, where it is a name of the kind that is asked for."""
        try:
            return f" Did you mean {self.parse(suggestion).shown}?" if suggestion else ""
        except NameRefused:
            return ""


class OrganisationForm(NameForm):
    """Which organisation."""

    name_label = "Name of the organisation on GitHub"
    name_hint = "As in its address: letters A to Z, digits and hyphens."

    def parse(self, typed: str) -> OwnerName:
        """Read the name of an account."""
        return parse_owner(typed)


class RepositoryForm(NameForm):
    """Which repository of somebody else or of an organisation."""

    name_label = "Repository on GitHub"
    name_hint = "As owner/name, or its address."

    def parse(self, typed: str) -> RepositoryName:
        """Read owner/name."""
        return parse_repository(typed)


def with_meant(data: QueryDict) -> QueryDict:
    """The form with the name that was chosen on the page “Did you mean …?”."""
    if "meant" not in data:
        return data
    chosen = data.copy()
    chosen["name"] = data.get("meant", "")
    return chosen
