"""Forms about who may decide: words for a reviewer, a file in a repository, an objection."""

from django import forms

from bigcode_optout.claims.telling import LINK_LENGTH, MOST_LINKS, TEXT_LENGTH, require_link
from bigcode_optout.core.errors import Refused
from bigcode_optout.pages.forms import DeskForm, LongText, RepositoryForm
from bigcode_optout.removals.objecting import REASON_LENGTH


class TellForm(DeskForm):
    """What shows that somebody may decide, for a reviewer."""

    text = LongText(
        longest=TEXT_LENGTH,
        empty="Write what shows that you may decide.",
        label="What shows that you may decide?",
        help_text="Your part in it, since when, and who can say so. Only reviewers read it. No passwords or keys.",
    )
    links = LongText(
        longest=MOST_LINKS * (LINK_LENGTH + 1),
        required=False,
        label="Links (optional)",
        help_text=f"One a line, up to {MOST_LINKS}: a page that names you, a register, a post of the organisation.",
    )

    def clean_links(self) -> list[str]:
        """The links, one a line."""
        links = [line.strip() for line in self.cleaned_data["links"].split("\n") if line.strip()]
        if len(links) > MOST_LINKS:
            raise forms.ValidationError(f"These are {len(links)} links. Up to {MOST_LINKS} fit.")
        for link in links:
            try:
                require_link(link)
            except Refused as refused:
                raise forms.ValidationError(refused.sentence) from refused
        return links


class FileForm(RepositoryForm):
    """In which repository the file is put."""

    name_label = "Repository that you can write to"


class ObjectionForm(DeskForm):
    """Why an owner objects."""

    reason = LongText(
        longest=REASON_LENGTH,
        empty="Write why you object.",
        label="Why do you object?",
        help_text="Only reviewers read it. Who asked learns that an owner objected, not who you are.",
    )
