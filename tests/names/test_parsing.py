import pickle
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bigcode_optout.names import (
    OWNER_PATTERN,
    REPOSITORY_PATTERN,
    NameRefused,
    OwnerName,
    RepositoryName,
    fold,
    parse,
    parse_owner,
    parse_repository,
    split_full_name,
)

from .vectors import OWNERS, REPOSITORIES

OWNER = OwnerName("Octo-Lab")
REPOSITORY = RepositoryName("Octo-Lab", "Hello.World")


@pytest.mark.parametrize(
    "text",
    [
        "Octo-Lab",
        "  Octo-Lab\n",
        "@Octo-Lab",
        "Octo-Lab/",
        "https://github.com/Octo-Lab",
        "http://www.github.com/Octo-Lab/",
        "HTTPS://GitHub.com/Octo-Lab",
        "https://github.com/Octo-Lab?tab=repositories",
        "github.com/Octo-Lab?tab=stars#top",
        "//github.com/Octo-Lab",
        "https://github.com:443/Octo-Lab",
        "https://github.com/orgs/Octo-Lab",
        "https://github.com/orgs/Octo-Lab/people?page=2",
        "https://github.com/users/Octo-Lab/projects/1",
        "git@github.com:Octo-Lab",
    ],
)
def test_an_account_is_understood_however_it_is_pasted(text: str) -> None:
    assert parse(text) == OWNER
    assert parse_owner(text) == OWNER


@pytest.mark.parametrize(
    "text",
    [
        "Octo-Lab/Hello.World",
        " Octo-Lab/Hello.World/ ",
        "@Octo-Lab/Hello.World",
        "Octo-Lab/Hello.World.git",
        "https://github.com/Octo-Lab/Hello.World",
        "https://github.com/Octo-Lab/Hello.World.git",
        "https://github.com//Octo-Lab/Hello.World//",
        "https://github.com/Octo-Lab/Hello.World#readme",
        "https://github.com/Octo-Lab/Hello.World/tree/main/src/a.py#L3",
        "www.github.com/Octo-Lab/Hello.World/issues?q=is%3Aopen",
        "git@github.com:Octo-Lab/Hello.World.git",
        "ssh://git@github.com/Octo-Lab/Hello.World.git",
        "git://github.com/Octo-Lab/Hello.World.GIT",
        "git+https://github.com/Octo-Lab/Hello.World.git",
    ],
)
def test_a_repository_is_understood_however_it_is_pasted(text: str) -> None:
    assert parse(text) == REPOSITORY
    assert parse_repository(text) == REPOSITORY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("https://github.com/", "empty"),
        ("a" * 40, "too_long"),
        ("octo/" + "r" * 101, "too_long"),
        ("x" * 5_000, "too_long"),
        ("oc\x07to", "control_character"),
        ("octo\u200b", "control_character"),
        ("octo\U000e0061", "control_character"),
        ("https://github.com/oc\nto", "control_character"),
        ("\u212aelvin", "not_ascii"),
        ("\uff4f\uff43\uff54\uff4f", "not_ascii"),
        ("josé", "not_ascii"),
        ("octo/ナイス", "not_ascii"),
        ("octo*", "wildcard"),
        ("octo/*", "wildcard"),
        ("octo?", "wildcard"),
        ("octo lab", "space"),
        ("octo/hello world", "space"),
        ("octo,lab", "not_a_name"),
        ("a/b/c", "not_a_name"),
        ("a//b", "not_a_name"),
        ("/b", "not_a_name"),
        ("octo/..", "not_a_name"),
        ("octo/.git", "not_a_name"),
        ("a_b_cd", "not_a_name"),
        ("octo@example.com", "not_a_name"),
        ("https://[::1/octo", "not_a_name"),
        ("https://gitlab.com/octo/hello", "other_host"),
        ("gitlab.com/octo", "other_host"),
        ("git@gitlab.com:octo/hello.git", "other_host"),
        ("https://github.com.example.org/octo", "other_host"),
        ("https://github.com@example.org/octo", "other_host"),
        ("https://github.com:8443/octo", "other_host"),
        ("https://gist.github.com/octo/1234", "other_host"),
        ("ftp://github.com/octo", "other_host"),
        ("https://github.com/topics/python", "reserved"),
        ("https://github.com/settings", "reserved"),
        ("https://github.com/Features", "reserved"),
        ("https://github.com/sponsors/octo", "reserved"),
        ("https://github.com/orgs", "reserved"),
        ("settings", "reserved"),
        ("Topics/python", "reserved"),
        ("ghost", "ghost"),
        ("Ghost", "ghost"),
        ("https://github.com/ghost/anything", "ghost"),
    ],
)
def test_what_is_not_a_name_is_refused_with_its_code(text: str, code: str) -> None:
    with pytest.raises(NameRefused) as refused:
        parse(text)
    assert refused.value.code == code
    assert refused.value.sentence.endswith(".")
    assert str(refused.value) == refused.value.sentence


def test_the_sentence_names_everything_that_is_wrong_and_offers_the_mended_name() -> None:
    with pytest.raises(NameRefused) as refused:
        parse("quillon marsh’s")
    assert refused.value.sentence.startswith("“quillon marsh’s” has a space and an apostrophe.")
    assert refused.value.suggestion == "quillon-marsh"


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("“octo”", "octo"),
        ("octo , ", "octo"),
        ("\uff4f\uff43\uff54\uff4f", "octo"),
        ("octo / hello world", "octo/hello-world"),
        ("octo/hello/tree/main", "octo/hello"),
        ("octo.github.io", "octo"),
        ("(https://github.com/octo)", "octo"),
        ("\u200bocto", "octo"),
        ("ナイス", None),
        ("a" * 40, None),
        ("", None),
    ],
)
def test_a_suggestion_is_offered_only_where_the_mend_is_plain(text: str, suggestion: str | None) -> None:
    with pytest.raises(NameRefused) as refused:
        parse(text)
    assert refused.value.suggestion == suggestion


def test_a_repository_is_not_taken_where_an_account_is_asked_and_the_other_way_round() -> None:
    with pytest.raises(NameRefused) as refused:
        parse_owner("octo/hello")
    assert (refused.value.code, refused.value.suggestion) == ("names_a_repository", "octo")
    with pytest.raises(NameRefused) as refused:
        parse_repository("octo")
    assert refused.value.code == "names_an_owner"


def test_names_keep_their_spelling_and_compare_by_their_key() -> None:
    assert (OWNER.shown, OWNER.key, OWNER.owner_key) == ("Octo-Lab", "octo-lab", "octo-lab")
    assert REPOSITORY.shown == REPOSITORY.full_name == "Octo-Lab/Hello.World"
    assert (REPOSITORY.key, REPOSITORY.owner_key) == ("octo-lab/hello.world", "octo-lab")


def test_real_accounts_with_pages_names_are_not_taken_for_pages() -> None:
    for owner in ("git", "actions", "community", "cli", "desktop", "docs"):
        assert parse(f"https://github.com/{owner}") == OwnerName(owner)


def test_the_vectors_are_taken_and_refused_by_the_parsers_too() -> None:
    for login in OWNERS["valid"]:
        assert parse_owner(login).login == login
    for full_name in REPOSITORIES["valid"]:
        assert split_full_name(full_name).full_name == full_name
    for full_name in REPOSITORIES["invalid"]:
        assert split_full_name(full_name) is None


def test_a_dataset_row_is_split_strictly() -> None:
    assert split_full_name("Octo/x.git") == RepositoryName("Octo", "x.git")
    for value in (" octo/x", "octo/x ", "https://github.com/octo/x", "@octo/x", "ghost/x", "octo/x/"):
        assert split_full_name(value) is None


def test_a_name_cannot_be_made_of_anything_else() -> None:
    for login in OWNERS["invalid"]:
        with pytest.raises(NameRefused):
            OwnerName(login)
    with pytest.raises(NameRefused):
        RepositoryName("octo", "a/b")


def test_a_refusal_survives_pickling() -> None:
    with pytest.raises(NameRefused) as refused:
        parse("octo lab")
    again = pickle.loads(pickle.dumps(refused.value))
    assert (again.code, again.sentence, again.suggestion) == ("space", refused.value.sentence, "octo-lab")


ADDRESS_SCRAPS = ["https://", "http://", "github.com", "www.", "git@", ":", "/", "//", "?tab=x", "#", ".git"]
NAME_SCRAPS = [
    "orgs",
    "ghost",
    "@",
    ".",
    "..",
    "octo",
    "Lab",
    "-",
    "_",
    " ",
    "\n",
    "\u212a",
    "\U000e0061",
    "*",
    "’s",
]
SCRAPS = st.sampled_from([*ADDRESS_SCRAPS, *NAME_SCRAPS, "[", "]", "%2F", "\\"])


@given(st.one_of(st.text(), st.lists(SCRAPS, max_size=12).map("".join)))
@example("git@github.com:")
@example("//")
@example("http://[")
@example("https://github.com:99999999/a")
def test_any_text_gives_a_valid_name_that_reads_back_the_same_or_a_refusal(text: str) -> None:
    try:
        name = parse(text)
    except NameRefused as refused:
        assert refused.sentence.isprintable()
        if refused.suggestion is not None:
            assert parse(refused.suggestion).shown == refused.suggestion
        return
    assert parse(name.shown) == name
    assert name.key == fold(name.shown)
    pattern = OWNER_PATTERN if isinstance(name, OwnerName) else REPOSITORY_PATTERN
    assert re.fullmatch(pattern, name.shown)


@given(st.from_regex(REPOSITORY_PATTERN, fullmatch=True))
def test_a_valid_full_name_splits_and_joins_to_itself(full_name: str) -> None:
    if fold(full_name).startswith("ghost/"):
        return
    assert split_full_name(full_name).full_name == full_name
