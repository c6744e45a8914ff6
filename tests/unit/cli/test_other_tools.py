"""The state files of other tools, as these write them."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot.cli.commands.other_tools import read_state
from bot.errors import UserError

ONE, TWO = "https://blog.example/one/", "https://blog.example/?p=2"


def test_feed2toot(tmp_path):
    """A line for each entry, its id or its link."""
    file = tmp_path / "feed2toot.db"
    file.write_text(f"{ONE}\n{TWO}\nsomething else\n\n")

    assert {ONE: "", TWO: ""} == read_state("feed2toot", file).urls


@pytest.mark.parametrize(
    "written", ["'2026-03-01T10:00:00+00:00'", "2026-03-01T11:00:00+01:00", '"2026-03-01T10:00:00"']
)
def test_feediverse(tmp_path, written):
    """Its config says up to when; nothing else of it is read."""
    file = tmp_path / "feediverse.yml"
    file.write_text(
        f"access_token: s3cret\ndupecheck: []\nfeeds:\n- url: {ONE}feed\nupdated: {written}\nurl: https://a.example\n"
    )
    entries = read_state("feediverse", file)

    assert (datetime(2026, 3, 1, 10, tzinfo=UTC), {}) == (entries.until, entries.urls)


def test_feed2fedi(tmp_path):
    """A row for each link."""
    file = tmp_path / "cache.sqlite"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE share (url TEXT PRIMARY KEY, shared_ts INT) WITHOUT ROWID")
        database.executemany("INSERT INTO share VALUES (?, 1)", [(ONE,), (TWO,), (None or "",)])

    assert {ONE: "", TWO: ""} == read_state("feed2fedi", file).urls


@pytest.mark.parametrize("form", ["pages", "list", "lines"])
def test_share_on_mastodon(tmp_path, form):
    """The site's REST listing: those with a url; pages may stand one after the other."""
    posts = [
        {"id": 1, "link": ONE, "share_on_mastodon": {"url": "https://a.example/@me/1", "error": ""}},
        {"id": 2, "link": TWO, "share_on_mastodon": {"url": "", "error": "no"}},
    ]
    texts = {
        "list": json.dumps(posts),
        "lines": "\n".join(map(json.dumps, posts)),
        "pages": f"{json.dumps(posts[:1])}\n[]",
    }
    file = tmp_path / "posts.json"
    file.write_text(texts[form])

    assert {ONE: "https://a.example/@me/1"} == read_state("share-on-mastodon", file).urls


def test_copies_of_a_post(tmp_path):
    """Plugins that duplicate posts copy the url: the first post has it by right."""
    field = {"url": "https://a.example/@me/1", "error": ""}
    file = tmp_path / "posts.json"
    copies = [{"id": number, "link": link, "share_on_mastodon": field} for number, link in ((9, TWO), (1, ONE))]
    file.write_text(json.dumps(copies))

    assert {ONE: "https://a.example/@me/1"} == read_state("share-on-mastodon", file).urls


@pytest.mark.parametrize(
    ("tool", "content", "words"),
    [
        ("feed2toot", b"one\ntwo\n", "no line of it is an address"),
        ("feed2toot", b"\xff\xfe", "isn't the state of feed2toot"),
        ("feediverse", b"feeds: []\n", "no line"),
        ("feediverse", b"updated: soon\n", "isn't the state of feediverse"),
        ("feed2fedi", b"no database", "can't be read as the state of feed2fedi"),
        ("share-on-mastodon", b"<html>", "isn't the state of share-on-mastodon"),
        ("share-on-mastodon", b'[{"id": 1}]', "no post in it has share_on_mastodon"),
        ("share-on-mastodon", b"[" * 100_000, "isn't the state of share-on-mastodon"),
    ],
)
def test_another_file(tmp_path, tool, content, words):
    """Is refused, with what is meant."""
    file = tmp_path / "file"
    file.write_bytes(content)

    with pytest.raises(UserError, match=words):
        read_state(tool, file)


def test_no_file(tmp_path):
    """Neither."""
    with pytest.raises(UserError, match="No such file"):
        read_state("feed2toot", tmp_path / "none")
