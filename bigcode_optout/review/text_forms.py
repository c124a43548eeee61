"""What is filled in to change a reason's text. `removals.writing_texts` decides whether it may stand."""

from django import forms

from bigcode_optout.removals.wording import TEXT_LENGTH


class TextOfReasonForm(forms.Form):
    """A sentence, and the request that it is shown for. `version`: the one that the writer has before them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    sentence = forms.CharField(
        label="Sentence",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write the sentence."},
    )
    reference = forms.CharField(
        label="Shown for the request",
        required=False,
        max_length=40,
        help_text="A reference number. Left empty, it is shown for a made-up request.",
    )
