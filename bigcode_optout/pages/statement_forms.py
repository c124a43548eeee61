"""The forms for people who cannot sign in with GitHub."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import QueryDict

from bigcode_optout.core.references import parse_reference
from bigcode_optout.names import NameRefused, OwnerName, RepositoryName, parse
from bigcode_optout.names.refusals import quoted
from bigcode_optout.pages.forms import AddressField, DeskForm, LongText
from bigcode_optout.removals.models import Case
from bigcode_optout.removals.statements import Wording

NAME_LIMIT, LINK_LIMIT = 20, 10
EVIDENCE_LENGTH, LINK_LENGTH = 4000, 500
_LISTS_LENGTH = 10_000
NAME_HINTS = {
    Case.OTHER_HOST: "The whole addresses, one a line, such as https://gitlab.com/somebody/something.",
}
_NAME_HINT = "One a line: a name such as tern-hollow, or a repository such as tern-hollow/reed-organ."
EVIDENCE_HINTS = {
    Case.LOST: "For example: a website of yours that names the account, a package that you publish from it, a key that "
    "signed its commits.",
    Case.DELETED: "For example: a website of yours that names the account, a package that you published from it, a key "
    "that signed its commits.",
    Case.DECEASED: "How you are related or in charge, and what shows that the account was theirs.",
    Case.OTHER_HOST: "For example: a website of yours that names it.",
}


class CaseForm(DeskForm):
    """Which of the cases it is."""

    case = forms.ChoiceField(
        choices=Case.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose which of these it is.",
            "invalid_choice": "Choose which of these it is.",
        },
    )


class StatementForm(DeskForm):
    """What should be left out, what shows that it is theirs, and where to write to.

    `names` cleans to pairs: the names on GitHub, and the addresses on other hosts.
    """

    names = LongText(longest=_LISTS_LENGTH, empty="Name what should be left out.")
    evidence = LongText(
        longest=EVIDENCE_LENGTH,
        empty="Write what shows that it is yours, or that you may ask.",
        label="What shows that it is yours, or that you may ask?",
    )
    links = LongText(
        longest=_LISTS_LENGTH,
        required=False,
        label="Links to it (optional)",
        help_text=f"One a line, beginning with https:// or http://, up to {LINK_LIMIT}. Files cannot be sent here.",
    )
    email = AddressField(
        label="Your e-mail address",
        help_text="We write to it now, and you confirm by the link in that mail. Later for news about this only.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    sure = forms.BooleanField(required=False, label="The names are right as they stand")

    def __init__(self, case: Case, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.case = case
        self.fields["names"].label = "What should be left out?"
        self.fields["names"].help_text = f"{NAME_HINTS.get(case, _NAME_HINT)} Up to {NAME_LIMIT}."
        self.fields["names"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["evidence"].help_text = f"{EVIDENCE_HINTS[case]} No passwords or keys, please."
        self.fields["links"].widget.attrs |= {"rows": 3}

    def clean_names(self) -> tuple[tuple[OwnerName | RepositoryName, ...], tuple[str, ...]]:
        """The names and the addresses on other hosts, each once."""
        lines = _lines(self.cleaned_data["names"], NAME_LIMIT, "names")
        names: dict[str, OwnerName | RepositoryName] = {}
        noted: dict[str, str] = {}
        for line in lines:
            try:
                name = parse(line)
            except NameRefused as refused:
                if refused.code != "other_host" or len(line) > LINK_LENGTH:
                    hint = f" Did you mean {refused.suggestion}?" if refused.suggestion else ""
                    raise forms.ValidationError(f"{refused.sentence}{hint}") from refused
                noted[line] = line
                continue
            if self.case == Case.OTHER_HOST and "." not in line.partition("/")[0] and "://" not in line:
                raise forms.ValidationError(
                    f"{quoted(line)} does not say on which host. Type its whole address."
                )
            names[name.key] = name
        return tuple(names.values()), tuple(noted)

    def clean_links(self) -> tuple[str, ...]:
        """Web addresses only: they are shown to staff, as text that can be followed."""
        lines = _lines(self.cleaned_data["links"], LINK_LIMIT, "links")
        for line in lines:
            if not _is_web_address(line):
                raise forms.ValidationError(f"{quoted(line)} is not an address with https:// or http://.")
        return tuple(dict.fromkeys(lines))

    def wording(self) -> Wording:
        """What the verb takes. The form is valid."""
        names, noted = self.cleaned_data["names"]
        data: dict[str, Any] = self.cleaned_data
        return Wording(self.case, names, noted, data["evidence"], data["links"], data["email"])


class NewLinkForm(DeskForm):
    """Which request, and the address that it was confirmed with."""

    reference = forms.CharField(
        label="Reference number",
        help_text="As in our mails, for example OPT-7KQ2-M9XD.",
        error_messages={"required": "Type the reference number."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = AddressField(
        label="The e-mail address that you confirmed it with",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_reference(self) -> str:
        """The number in our own spelling."""
        reference = parse_reference(self.cleaned_data["reference"])
        if reference is None:
            raise forms.ValidationError("A reference number looks like OPT-7KQ2-M9XD.")
        return reference


def _lines(text: str, limit: int, what: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > limit:
        raise forms.ValidationError(f"These are {len(lines)} {what}. Up to {limit} fit.")
    return lines


def _is_web_address(text: str) -> bool:
    if len(text) > LINK_LENGTH or any(
        character.isspace() or not character.isprintable() for character in text
    ):
        return False
    try:
        parsed = urlsplit(text)
        return parsed.scheme in ("http", "https") and bool(parsed.hostname) and parsed.username is None
    except ValueError:
        return False
