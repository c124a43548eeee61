"""People in front of a browser: somebody without a GitHub account, and somebody with two accounts here."""

import re
from email import message_from_bytes

import pytest

from tests.e2e.ways import choose_everything, send, staff, wait_for
from tests.operations.running import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.worker]


def mailed_link(demo, address, purpose):
    """The newest private link of that purpose that was mailed to the address, as a path."""
    found = []

    def look():
        for file in sorted((demo.data_dir / "mails").glob("*")):
            for part in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
                message = message_from_bytes(part.strip())
                if message["To"] == address:
                    text = message.get_payload(decode=True).decode()
                    found.extend(re.findall(rf"/without-account/\d+/{purpose}/[0-9a-f]+/", text))
        return found

    wait_until(look, seconds=60, what=f"a mail with a link to {purpose}")
    return found[-1]


def test_somebody_who_lost_the_account_asks_by_mail_and_follows_by_a_private_link(desk, visit, demo):
    visitor = visit()
    visitor.open("/who-may-ask/")
    visitor.press("Ask without a GitHub account")
    visitor.is_accessible()
    visitor.page.get_by_label("The account was deleted").check()
    visitor.press("Go on")
    visitor.page.get_by_label("What should be left out?").fill("tamsin-vale/quarry-sonsg")
    visitor.page.get_by_label("What shows that it is yours").fill("My site vale.example names it.")
    visitor.page.get_by_label("Links to it").fill("https://vale.example/about")
    visitor.page.get_by_label("Your e-mail address").fill("tamsin@vale.example")
    visitor.press("Send me the mail")
    visitor.expects("Did you mean tamsin-vale/quarry-songs?")
    visitor.is_accessible()
    visitor.fits()
    visitor.page.get_by_label("What should be left out?").fill("tamsin-vale/quarry-songs")
    visitor.press("Send me the mail")
    visitor.expects("Nothing is sent yet")
    visitor.is_accessible()

    visitor.open(mailed_link(demo, "tamsin@vale.example", "confirm"))
    visitor.expects("It counts as not shown.")
    visitor.is_accessible()
    visitor.fits()
    visitor.press("Send the request")
    visitor.expects("We have your request")
    reference = visitor.page.locator(".reference").first.inner_text()

    elsewhere = visit()
    elsewhere.open(mailed_link(demo, "tamsin@vale.example", "follow"))
    elsewhere.expects(reference)
    wait_for(elsewhere, reference, "It was asked for without a GitHub account")
    elsewhere.is_accessible()
    elsewhere.fits()

    reviewer = staff(desk, visit, "reviewer")
    reviewer.open(f"/admin/removals/removalrequest/?q={reference}")
    reviewer.press(reference)
    reviewer.expects("Asked without a GitHub account: nothing is shown by a machine")
    reviewer.expects("My site vale.example names it.")

    elsewhere.press("Withdraw this request")
    elsewhere.press("Withdraw this request")
    elsewhere.expects("You withdrew it.")
    elsewhere.press("Close it in this browser")
    elsewhere.expects("Your private link opens it again.")


def test_somebody_with_two_accounts_here_makes_them_one(visit):
    other = visit()
    other.sign_in("rook-harbour")
    choose_everything(other, "rook-harbour")
    reference = send(other)

    visitor = visit()
    visitor.sign_in("corvid-lane")
    visitor.open("/account/")
    visitor.press("Join a GitHub account")
    visitor.pass_github("rook-harbour")
    visitor.expects("Make the two accounts one?")
    visitor.expects("One request moves to your account")
    visitor.is_accessible()
    visitor.fits()
    visitor.press("Make them one")
    visitor.expects("rook-harbour and everything of it is joined to your account here.")
    visitor.open(f"/requests/{reference}/")
    visitor.expects("Two of your accounts here became one")
    other.open("/requests/")
    other.expects("Sign in")


def test_who_asks_for_the_same_again_keeps_the_earlier_request(visit):
    visitor = visit()
    visitor.sign_in("tobin-ashgrove")
    references = []
    for _ in range(2):
        choose_everything(visitor, "tobin-ashgrove")
        references.append(send(visitor))
        wait_for(visitor, references[-1], "Accepted" if len(references) == 1 else "Merged")
    visitor.expects("You had asked for the same before.")
    visitor.is_accessible()
    visitor.press(references[0])
    visitor.expects("Accepted")
