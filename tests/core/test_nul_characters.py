"""An address with a NUL character is answered with a 400, wherever it leads, on every database."""

import pytest

from tests.builders import make_reviewer, make_user
from tests.pages.reading import read, text_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db
SENTENCE = "This address has a character in it that no text can have."
ADDRESSES = [
    "/look-up/?name=%00",
    "/look-up/?name=quillon-marsh%00",
    "/look-up/?%00=1",
    "/requests/OPT-%00/",
    "/%00",
]
DESK = ["/admin/removals/removalrequest/?q=%00", "/desk/removals/removalrequest/?state=%00"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_refused_with_a_sentence(client, address):
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(address)
    assert response.status_code == 400
    assert read(response).faults == []
    assert SENTENCE in text_of(response)


@pytest.mark.parametrize("address", DESK)
def test_a_search_or_filter_of_the_desk_is_refused_with_a_sentence(client, address):
    sign_in(client, make_reviewer())
    response = client.get(address)
    assert response.status_code == 400
    assert SENTENCE in response.content.decode()


def test_what_has_none_goes_on(client):
    assert client.get("/look-up/?name=quillon-marsh%20").status_code != 400 or SENTENCE not in text_of(
        client.get("/look-up/?name=quillon-marsh%20")
    )
