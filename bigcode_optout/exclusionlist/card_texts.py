"""What the dataset card says in words, by kind of format."""

TYPED = """Each row is one rule: leave out what stands under this owner or repository. Names compare whole,
with A–Z folded (`name_key`); `repo_id` compares with the dataset's numeric repository id. A rule with
`name_valid_until` covers only dataset versions whose data date is not later. `files`, `commits` and
`issues` say which records are meant.

The list names people who asked to be left out. Use it to leave them out, and do not pass it on.
"""

LEGACY = """One row, one column for each account, read by BigCode's older scripts. They compare letter by
letter, so each name stands in every known spelling. The format cannot say everything: `lossy_rules` in
`manifest.json` counts the rules it says only in part. The other formats of this release say all of them.

The list names people who asked to be left out. Use it to leave them out, and do not pass it on.
"""

KEYED = """This is the keyed form of the list: no name and no number stands in it. Each row has a `tag`, which is
HMAC-SHA-256 under the key of this release, in hexadecimal, of one line of ASCII text:

| `kind` | text |
|---|---|
| `owner` | `owner:` and the login, with A–Z folded |
| `repository` | `repository:` and `owner/name`, with A–Z folded |
| `repo_id` | `repo_id:` and GitHub's number of the repository, in decimal |

Make the tags of the names and numbers that you hold, and look whether they are here. A row with
`name_valid_until` covers only dataset versions whose data date is not later. `files`, `commits` and `issues`
say which records are meant.

What this hides: whoever has the folder without the key learns how many rules there are and what they ask for,
but not for whom. The order of the rows says nothing about the names.

What this does not hide: whoever has the key can test any name that they know or guess, and names on GitHub
are public. So the key is as confidential as the list. Keep it apart from the folder, use both to leave people
out, and pass neither on.
"""
