import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.accounts.addresses import is_local


@pytest.mark.parametrize(
    "path", ["/", "/requests/", "/look-up/?name=a%2Fb#found", "/a?next=https://x.example/"]
)
def test_paths_of_this_site_are_local(path):
    assert is_local(path)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "requests/",
        "//x.example",
        "///x.example",
        "/\\x.example",
        "\\/x.example",
        "https:///x",
        "/\n/x.example",
        "/\t/x.example",
        "/a b",
        "/\\",
    ],
)
def test_what_a_browser_may_read_as_another_host_is_not_local(url):
    assert not is_local(url)


@given(st.text(alphabet="/\\ \t\n:@.x", max_size=8))
def test_what_is_local_has_one_slash_first(text):
    if is_local(text):
        assert text[0] == "/"
        assert text[1:2] not in ("/", "\\")
