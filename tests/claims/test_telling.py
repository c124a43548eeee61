"""What a person tells a reviewer about a claim."""

import pytest

from bigcode_optout.claims import services, telling
from bigcode_optout.claims.queries import is_proven
from bigcode_optout.core.errors import Conflict, Missing, Refused
from bigcode_optout.names import parse
from tests.builders import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def claim(user):
    return services.make_claim(by=user, name=parse("norrvik"))


def test_words_and_links_are_kept_with_the_claim_and_prove_nothing(user, claim):
    telling.tell(by=user, claim_id=claim.pk, text=" I founded it. ", links=["https://norrvik.example/about"])
    told = claim.told.get()
    assert (told.text, told.links) == ("I founded it.", ["https://norrvik.example/about"])
    assert not is_proven(claim)


def test_nobody_tells_about_somebody_elses_claim(claim):
    with pytest.raises(Missing):
        telling.tell(by=make_user(502, "tern-hollow"), claim_id=claim.pk, text="Mine.", links=[])


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "//host/x", "ftp://host/x", "https://", "https://a b", "https://[x", "x" * 600],
)
def test_what_is_no_web_address_is_refused(user, claim, link):
    with pytest.raises(Refused):
        telling.tell(by=user, claim_id=claim.pk, text="Look.", links=[link])
    assert not claim.told.exists()


def test_nothing_too_much_and_too_often_are_refused(user, claim):
    for text, links in ((" ", []), ("x" * 4001, []), ("x", ["https://a.example"] * 11)):
        with pytest.raises(Refused):
            telling.tell(by=user, claim_id=claim.pk, text=text, links=links)
    for _ in range(telling.MOST_TELLINGS):
        telling.tell(by=user, claim_id=claim.pk, text="Once more.", links=[])
    with pytest.raises(Conflict):
        telling.tell(by=user, claim_id=claim.pk, text="Once more.", links=[])


@pytest.mark.parametrize(
    "link", ["https://norrvik.example@evil.example/", "https://a.example/\u202emoc.elgoog"]
)
def test_a_link_that_staff_would_misread_is_refused(user, claim, link):
    with pytest.raises(Refused):
        telling.tell(by=user, claim_id=claim.pk, text="Look.", links=[link])
