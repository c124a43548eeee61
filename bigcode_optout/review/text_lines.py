"""The texts of the reasons as the desk lists them: every reason in every language."""

from dataclasses import dataclass

from bigcode_optout.removals.languages import known
from bigcode_optout.removals.wording import Wordings, reasons_with_text


@dataclass(frozen=True)
class TextLine:
    """The text that counts for a reason in a language. `sentence` is empty where there is none in this language: then
    the English one, `instead`, is sent. `version` 0: nobody has written one here."""

    verdict: str
    reason: str
    language: str
    language_name: str
    title: str
    sentence: str
    instead: str
    version: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it in an address."""
        return (self.verdict, self.reason, self.language)


def lines() -> list[TextLine]:
    """By reason, then by language. One query."""
    wordings = Wordings()
    found = []
    for verdict, reason in reasons_with_text():
        for language, name in known().items():
            text = wordings.text(verdict, reason, language)
            best = wordings.best(verdict, reason, language)
            found.append(
                TextLine(
                    verdict=verdict.value,
                    reason=reason.value,
                    language=language,
                    language_name=name,
                    title=f"{str(verdict.label).capitalize()}: {reason.label}",
                    sentence=text.sentence if text else "",
                    instead="" if text or best is None else best.sentence,
                    version=text.version if text else 0,
                )
            )
    return found
