"""A former name: suggested or typed, ticked, sent, and told on the status page what was shown and what was not."""

import pytest

from bigcode_optout.claims.models import Claim
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import account_claim, make_index, make_persona, make_reviewer, make_user
from tests.pages.reading import read, text_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db
CHOOSE, NAME = "/requests/new/", "/requests/new/former-name/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def fenn(client, sandbox, tmp_path):
    """brindle-fenn, signed in; two of the rows under the former name lead to the account."""
    make_index(
        tmp_path,
        [("fennwick/lichen", 23824855, 10), ("fennwick/fen-maps", 512543907, 10), ("fennwick/x", None, 5)],
    )
    user = make_persona(sandbox, "brindle-fenn")
    client.force_login(user, backend=BACKEND)
    return user


def verb(user):
    return f"former-{account_claim(user).pk}-fennwick"


def test_the_former_name_is_suggested_with_the_count_of_what_stands_under_it(fenn, client):
    response = client.get(CHOOSE)
    assert read(response).faults == []
    assert "fennwick: 2 repositories of brindle-fenn stand under this name." in text_of(response)
    assert f'value="{verb(fenn)}"'.encode() in response.content


def test_one_press_adds_it_and_it_is_suggested_no_more(fenn, client):
    client.get(CHOOSE)
    assert client.post(CHOOSE, {"do": verb(fenn)}).headers["Location"] == CHOOSE
    text = text_of(client.get(CHOOSE))
    assert "fennwick is in your list. Tick it to ask for it." in text
    assert "All 3 repositories that stand under this former name." in text
    assert "stand under this name. They come" not in text
    claim = Claim.objects.get(kind="former_login")
    assert (claim.user, claim.name, claim.present) == (fenn, "fennwick", account_claim(fenn))


def test_what_was_not_suggested_is_not_added_by_a_made_up_button(fenn, client):
    for made_up in (
        f"former-{account_claim(fenn).pk}-quillon-marsh",
        "former-999-fennwick",
        "former-",
        "former-x-y",
    ):
        client.post(CHOOSE, {"do": made_up})
    assert not Claim.objects.filter(kind="former_login").exists()


def test_it_can_be_typed_where_nothing_suggests_it(fenn, client):
    response = client.get(NAME)
    assert read(response).faults == []
    assert "What was the name before?" in text_of(response)
    response = client.post(NAME, {"name": "https://github.com/old-fenn"})
    assert response.headers["Location"] == CHOOSE
    assert Claim.objects.get(kind="former_login").name == "old-fenn"
    assert "No version holds anything under this name now." in text_of(client.get(CHOOSE))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Nothing was typed."),
        ("Brindle-Fenn", "is the name of your account today"),
        ("a/b", "is a repository"),
        ("ghost", "ghost"),
        ("fenn*", "fenn*"),
    ],
)
def test_what_cannot_be_a_former_name_is_said_at_the_field(fenn, client, name, sentence):
    response = client.post(NAME, {"name": name})
    assert response.status_code == 400
    assert read(response).faults == []
    assert sentence in text_of(response)
    assert "#name" in [attributes.get("href") for tag, attributes in read(response).tags if tag == "a"]
    assert not Claim.objects.filter(kind="former_login").exists()


def test_another_persons_account_cannot_be_given_as_its_holder(fenn, client):
    other = account_claim(make_user(77, "otter-quay"))
    joined = make_user(78, "otter-bay").identities.get()
    joined.user = fenn
    joined.save()
    Claim.objects.filter(subject_id=78).update(user=fenn)
    assert "Whose name was it?" in text_of(client.get(NAME))
    response = client.post(NAME, {"name": "fennwick", "claim": other.pk})
    assert response.status_code == 400
    assert "Choose one of your accounts or organisations." in text_of(response)
    assert client.post(NAME, {"name": "fennwick"}).status_code == 400
    assert not Claim.objects.filter(kind="former_login").exists()


def test_a_stranger_signs_in_first_and_a_forged_form_is_refused(fenn, client):
    from django.test import Client

    assert Client().get(NAME).headers["Location"] == f"/sign-in/?next={NAME}"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(fenn, backend=BACKEND)
    assert strict.post(NAME, {"name": "fennwick"}).status_code == 403
    assert not Claim.objects.filter(kind="former_login").exists()


def test_names_are_not_tried_without_end(fenn, client, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "sign-in": "2/minute"}
    codes = [client.post(NAME, {"name": name}).status_code for name in ("alder", "birch", "cedar")]
    assert codes == [302, 302, 429]


def sent_request(client, user):
    """The whole way through the pages, and the work of the worker."""
    from bigcode_optout.removals import tasks

    client.post(CHOOSE, {"do": verb(user)})
    claim = Claim.objects.get(kind="former_login")
    client.post(CHOOSE, {"do": "check", "kind": ["files"], f"scope-{claim.pk}": "everything"})
    client.post("/requests/new/details/", {"ground": "", "message": "", "email": ""})
    page = client.get("/requests/new/check/")
    assert "Former name fennwick, what stands under it (3 repositories in now)" in text_of(page)
    shown = {
        attributes["name"]: attributes.get("value", "")
        for tag, attributes in read(page).tags
        if tag == "input"
        and attributes.get("type") == "hidden"
        and attributes["name"] != "csrfmiddlewaretoken"
    }
    client.post("/requests/new/check/", {**shown, "confirm": "on", "sure": "on"})
    request = RemovalRequest.objects.get(requester=user, submitted_at__isnull=False)
    tasks.process(request.pk)
    request.refresh_from_db()
    return request


def test_the_status_page_tells_what_was_shown_one_by_one_and_that_the_name_waits(fenn, client):
    client.get(CHOOSE)
    request = sent_request(client, fenn)
    response = client.get(f"/requests/{request.reference}/")
    assert read(response).faults == []
    text = text_of(response)
    assert "v2.1: 2 of 3 repositories lead to this owner by number, 1 cannot be resolved any more" in text
    assert "2 repositories were shown to be yours one by one and are parts of their own." in text
    assert "Too few of the repositories under the former name could be tied to this account" in text
    assert "2 repositories under the former name shown to be yours" in text
    assert "Rule “Repository under a former login”" in text


def test_a_reviewer_sees_every_question_and_answer(fenn, client):
    client.get(CHOOSE)
    request = sent_request(client, fenn)
    sign_in(client, make_reviewer())
    page = text_of(client.get(f"/admin/removals/removalrequest/{request.pk}/change/"))
    assert "GET /repos/fennwick/x" in page
    assert "not there" in page
    assert "Former login fennwick of own account brindle-fenn" in page
    assert "Former name shown in part" in page
    assert "Proven one by one, 2" in page


def test_a_slip_of_a_former_name_that_the_dataset_suggests_is_asked_about(fenn, client):
    client.get(CHOOSE)
    response = client.post(NAME, {"name": "fenwick"})
    assert read(response).faults == []
    assert "Did you mean fennwick?" in text_of(response)
    assert not Claim.objects.filter(kind="former_login").exists()
    response = client.post(NAME, {"name": "fenwick", "meant": "fennwick"})
    assert response.headers["Location"] == CHOOSE
    assert Claim.objects.get(kind="former_login").name == "fennwick"


def test_who_means_what_was_typed_adds_that_former_name(fenn, client):
    client.post(NAME, {"name": "fenwick", "meant": "fenwick", "claim": account_claim(fenn).pk})
    assert Claim.objects.get(kind="former_login").name == "fenwick"


def test_a_slip_of_the_own_login_is_asked_about_and_is_no_former_name(fenn, client):
    assert "Did you mean brindle-fenn?" in text_of(client.post(NAME, {"name": "brindle-fen"}))
    response = client.post(NAME, {"name": "brindle-fen", "meant": "brindle-fenn"})
    assert response.status_code == 400
    assert "is the name of your account today" in text_of(response)
