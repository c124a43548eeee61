"""In which languages decisions can be written, and which of them a person reads. The pages speak English."""

from django.conf import settings
from django.utils.translation.trans_real import parse_accept_lang_header

FALLBACK = "en"


def known() -> dict[str, str]:
    """The languages of `settings.DECISION_LANGUAGES`: code and name, English among them."""
    return dict(settings.DECISION_LANGUAGES)


def closest(accept_language: str) -> str:
    """The known language that a browser asked for first (its header `Accept-Language`), else English."""
    languages = known()
    for asked, _ in parse_accept_lang_header(accept_language.lower()):
        for code in (asked, asked.partition("-")[0]):
            if code in languages:
                return code
    return FALLBACK
