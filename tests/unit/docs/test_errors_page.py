"""docs/errors.md has an entry for every event and every text of trouble, and none for what howdah doesn't say."""

import re
from pathlib import Path

from tests.unit.docs.said import as_text, event_names, outcomes, texts

PAGE = Path(__file__).parents[3] / "docs" / "errors.md"
_CODE = re.compile(r"(`+)(.+?)\1")
_CELL = re.compile(r"\| (.+?) (?<!\\)\| ")

# What is looked for in the words of servers and databases.
_LOOKED_FOR = {
    "Cannot overwrite a value",
    "status was not changed",
    "Invalid hex value",
    "Just a moment|Attention Required|challenge",
    "isn't let in|login for nobody's",
    "answered 500|broken JSON|bigger than",
    "answered 50[234]|can't be reached|answer in time|no complete HTTP answer",
    "no WordPress REST API found|no REST API is there",
    "not a public address",
    "redirects from https to http",
    "disk is full",
    "no space left",
    "unable to open",
    "not a database",
    "disk i/o error",
    "failed to resolve host",
    "no such file or directory",
    "no route to host",
    "network is unreachable",
    "password authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "too many clients",
    "too many connections",
    "connection slots are reserved",
    "no answer for",
    "fatal: the database system is",
    "closed the connection",
}
# Parts of texts that say nothing by themselves, and what is written for programs.
_PARTS = {
    "set allow_private = true",
    "site or account",
    "did you mean …?",
    "use one of",
    "such as Europe/London or UTC",
    "file of addresses",
    "alerts.urls_file line …",
    "it is a folder",
    "known here: …",
    "text in quotes",
    "a whole number",
    "there are: …",
    '# token = "…" (not shown)',
    "# … = … (not shown)",
    "(at end of document)",
    "at column …",
    "outside of [[ ]]",
    "…: at most so many characters",
    "…: at most so many words",
    "…, with %Y %y %m %d %B %b %A %a %H %I %p %M %j, by the site's clock: it tells no zone",
    "in a language that the site doesn't tell",
    "(and … more)",
    "the state store …",
    "write to …",
    "watching … site(s) for … account(s)",
    "STOPPING=1 STATUS=finishing what is in hand EXTEND_TIMEOUT_USEC=…",
    "profile read:statuses write:media write:statuses",
    "read:accounts read:statuses write:media write:statuses",
    "COPY … (…) FROM STDIN",
    "application/rss+xml, application/atom+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.7, */*;q=0.1",
}
# What only a mistake in howdah's own code would raise.
_NEVER = {
    "a person lets … or … rest now",
    "a Secret is not to be pickled",
    "a naive instant can't be stored: …",
    "a size that isn't there was raised for",
    "there is always a form to begin with",
    "a site has a type of posts at least",
}


def test_every_text_and_event_has_an_entry() -> None:
    """Somebody who searches the page for what the log says finds it."""
    said = set(texts()) - _LOOKED_FOR - _PARTS - _NEVER | event_names() | outcomes()
    missing = sorted(said - _entries())
    assert not missing, "docs/errors.md lacks:\n" + "\n".join(missing)


def test_the_page_has_no_entry_for_what_is_never_said() -> None:
    """A text that was changed or dropped leaves the page, too."""
    stale = sorted(_entries() - set(texts()) - event_names() - outcomes() - {"log"})
    assert not stale, "docs/errors.md has what nothing says:\n" + "\n".join(stale)


def test_what_needs_no_entry_is_still_in_the_source() -> None:
    """The exceptions above are as fresh as the page."""
    assert not sorted((_LOOKED_FOR | _PARTS | _NEVER) - set(texts()))


def test_no_entry_stands_twice() -> None:
    """Each text has one explanation, so that two can't contradict each other."""
    found = _listed()
    assert sorted({entry for entry in found if found.count(entry) > 1}) == []


def _entries() -> set[str]:
    return set(_listed())


def _listed() -> list[str]:
    cells = (match[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if (match := _CELL.match(line)))
    return [as_text(code[1].replace("\\|", "|")) for cell in cells for code in _CODE.findall(cell)]
