"""From bytes to JSON: what sites wrap around it comes off, anything else is no answer."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wordpress.payload import (
    UnreadableError,
    complaint,
    error_code,
    load_list,
    load_object,
    one_line,
    stated_status,
)

NOTICE = "<br />\n<b>Warning</b>:  Undefined variable [x] in <b>/srv/a.php</b> on line <b>3</b><br />\n"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("\ufeff", "\n"),
        (NOTICE, ""),
        (NOTICE * 3 + "\n  ", ""),
        ("", "\n<!-- Cached by a plugin [1] -->\n<!--\n two -->"),
        ("\ufeff" + NOTICE, "<!-- both -->"),
        ("Notice:\n[an odd one]\n", ""),
        (" \n\ufeff\r\n\ufeff", ""),
        ("<?php/* seo.example */require_once($_SERVER['DOCUMENT_ROOT'].'/seo-0000.php');?>", ""),
        ("<style>.a{color: red}</style>", ""),
        ('<script>var x = [{"id": 7}];</script>', ""),
        (NOTICE.rstrip(), ""),
        ("Deprecated: x in /a.php on line 3 ", ""),
        ("", "<script>var x = 1;</script>"),
        ("", "\n" + NOTICE),
        ("", "0"),
        ("", "\nWarning: x in /a.php on line 3\n"),
        ("", "null"),
        ("", "\ufeff \0\x1a"),
        ("<?= $debug ?>", ""),
        ("NULL\nbool(true)\n", ""),
        ("}\n", ""),
        ("", '[{"id": 1}]'),
        ("", "</body></html>"),
        ("", "<!DOCTYPE html><title>Error</title><body>There has been a critical error.</body>"),
        ("", "<center>Hosted for <a href='/'>nothing</a></center>"),
        ("", " and more"),
        ("", ";"),
        ("", "Array\n(\n)\n"),
        ("", "bool(false)\n"),
        ("<script>var a;</script>", "0.1234"),
        ("", '{"code": "internal_server_error", "message": "There has been a critical error."}'),
    ],
)
def test_what_is_wrapped_around_json_comes_off(before: str, after: str) -> None:
    """Byte-order marks, PHP's notices and code, styles, scripts, cache plugins' comments, a stray 0, the same again."""
    body = (before + json.dumps([{"id": 1}]) + after).encode()

    assert [{"id": 1}] == load_list(body)


@given(st.lists(VALUES))
def test_any_list_is_read_back(values: list[Any]) -> None:
    """JSON as it is meant to be goes through unchanged."""
    assert values == load_list(json.dumps(values).encode())


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """Nothing but UnreadableError comes of noise."""
    for load in (load_list, load_object):
        with contextlib.suppress(UnreadableError):
            load(body)
    assert complaint(body).isprintable()
    assert error_code(body).isascii()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "nothing"),
        (b"  \n", "nothing"),
        (b"<!DOCTYPE html><title>Just a\n moment&hellip;</title>", "a page (Just a moment…)"),
        (b"<html></html>", "a page instead"),
        (b'[{"id": 1}, {"id"', "broken JSON"),
        (b'[{"id": 1}]\n[{"id": 2}]', "broken JSON"),
        (b"[" * 200_000, "broken JSON"),
        (b'{"a": 1}', "other JSON instead"),
        (b'{"code": "rest_disabled", "message": "No <b>API</b>."}', "other JSON (rest_disabled: No API .)"),
        (b'"text"', "other JSON"),
        (b"null", "broken JSON"),
        (b"[1] This page tells more.", "broken JSON"),
        (b"[1, 2] is an array. <html>", "broken JSON"),
    ],
)
def test_what_is_no_list_is_named(body: bytes, kind: str) -> None:
    """The error says what came instead."""
    with pytest.raises(UnreadableError) as caught:
        load_list(body)

    assert kind in str(caught.value)
    assert str(caught.value).endswith("instead of a JSON list")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<!DOCTYPE html><html><body>", "</body></html>"),
        ("<html><script>var posts = ", ";</script></html>"),
        ("<script>var posts = ", ";</script>"),
        ("<!-- ", " -->"),
        ("Hello ", " and more"),
        ("", '<p>{"code": "x"}</p>'),
        ('{"code": "x"}\n', ""),
    ],
)
def test_json_within_something_else_is_no_answer(before: str, after: str) -> None:
    """A page, a script or a comment that has a list of posts in it is not the listing; nor is one of two answers."""
    with pytest.raises(UnreadableError):
        load_list((before + json.dumps([{"id": 1}]) + after).encode())


def test_the_same_answer_twice_is_one_whatever_is_in_it() -> None:
    """Also where the content has scripts and comments of its own."""
    body = json.dumps([{"id": 1, "content": "<!-- wp:html --><script>var a;</script>"}]).encode()

    assert [1] == [value["id"] for value in load_list(body + body)]


def test_an_empty_list_before_a_page_is_no_answer() -> None:
    """Something was printed before a page: that isn't the listing of a site without posts."""
    with pytest.raises(UnreadableError):
        load_list(b"[]<!DOCTYPE html><title>Just a moment</title>")


def test_what_stands_around_json_in_vain_is_told() -> None:
    """Where it can't be told from the JSON, a person can."""
    with pytest.raises(UnreadableError, match=r"broken JSON \(before it 'Hello', behind it 'and more'\)"):
        load_list(b'Hello [{"id": 1}] and more')


def test_a_line_break_within_a_string_breaks_nothing() -> None:
    """Minifiers of HTML put them there."""
    assert {"excerpt": "<p\nclass='intro'>"} == load_object(b'{"excerpt": "<p\nclass=\'intro\'>"}')


def test_a_number_of_thousands_of_digits_costs_no_more_than_itself() -> None:
    """It is none; what stands beside it counts."""
    assert [None, 1] == load_list(b"[" + b"9" * 5_000 + b", 1]")


def test_what_is_no_object_is_named() -> None:
    """A list where an object belongs."""
    with pytest.raises(UnreadableError, match="other JSON instead of a JSON object"):
        load_object(b"[]")


def test_an_error_is_no_object() -> None:
    """Not one that lacks what was asked for; a record that has a field of that name is one."""
    with pytest.raises(UnreadableError, match=r"answered with an error \(rest_forbidden: no\)"):
        load_object(b'{"code": "rest_forbidden", "message": "no", "data": {"status": 401}}')

    assert {"id", "code", "message"} == load_object(b'{"id": 7, "code": "x", "message": "y"}').keys()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"code": "a", "message": "b", "data": {"status": 403}}', 403),
        (b'{"code": "a", "message": "b", "data": {"status": 200}}', 0),
        (b'{"code": "a", "message": "b", "data": {"status": "403"}}', 0),
        (b'{"code": "a", "message": "b", "data": null}', 0),
        (b'{"code": "a", "message": "b", "data": {"status": 403}, "id": 7}', 0),
        (b'[{"code": "a", "message": "b", "data": {"status": 403}}]', 0),
        (b"<html>", 0),
        (b'{"code": "a", "message": "b", "data": {"status": 403}}' + b" " * 10_000, 0),
    ],
)
def test_the_status_that_an_error_says_it_has(body: bytes, status: int) -> None:
    """Only of what is an error of WordPress's."""
    assert status == stated_status(body)


def test_only_so_many_beginnings_are_tried() -> None:
    """A page full of brackets costs no more than a few tries."""
    with pytest.raises(UnreadableError):
        load_list(b"x\n" + b"[nothing\n" * 50 + b"[1]")


@pytest.mark.parametrize("opening", ["<script>", "<style>", "<!--", "<?php "])
def test_thousands_of_beginnings_that_never_end_take_no_time(opening: str) -> None:
    """Each would be looked for to the end of the answer, which took minutes."""
    with pytest.raises(UnreadableError):
        load_list(opening.encode() * 20_000 + b"[1]")
    assert [{}] == load_list(b"[{}]" + opening.encode() * 20_000)


def test_a_list_with_holes_is_a_list() -> None:
    """PHP writes it as an object with its places as names; an object with other names is none."""
    assert [{"id": 1}, {"id": 3}] == load_list(b'{"0": {"id": 1}, "2": {"id": 3}}')
    with pytest.raises(UnreadableError):
        load_list(b'{"0": {"id": 1}, "code": "x"}')


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    """Proxies on Windows encode anew."""
    assert [{"title": "Käse"}] == load_list('[{"title": "Käse"}]'.encode(encoding))


def test_text_in_another_encoding_does_not_cost_the_json() -> None:
    """A notice in Latin-1 before the JSON."""
    assert [1] == load_list("Bemerkung für\n".encode("latin-1") + b"[1]")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"code": "rest_no_route", "message": "", "data": {"status": 404}}', "rest_no_route"),
        (b'{"code": 404}', ""),
        (b'{"code": "odd code\\n"}', ""),
        (b"[]", ""),
        (b"<html>", ""),
    ],
)
def test_an_error_has_a_code_or_none(body: bytes, code: str) -> None:
    """Only what looks like WordPress's codes counts."""
    assert code == error_code(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"code": "rest_forbidden", "message": "Sorry."}', "rest_forbidden: Sorry."),
        (b'{"code": "rest_forbidden", "message": null}', "rest_forbidden"),
        (b'{"message": "Sorry."}', "Sorry."),
        (b"{}", ""),
        (b"<title>Maintenance</title>", "Maintenance"),
        (b"<TITLE lang=de>Wartung</TITLE>", "Wartung"),
        (b"<p>no title</p>", ""),
        (b" " * 30_000 + b"<title>late</title>", "late"),
        (b"x" * 30_000 + b"<title>late</title>", ""),
    ],
)
def test_an_error_says_something_or_nothing(body: bytes, said: str) -> None:
    """Code and message, or a page's title."""
    assert said == complaint(body)


def test_a_foreign_text_is_one_clean_line() -> None:
    """No tags, no control characters, nothing that turns the line around, and not too long."""
    assert "a b & c" == one_line("a\r\n<b>b</b>\u202e\x1b\x00 &amp; c")
    assert len(one_line("word " * 1_000)) <= 200
    assert one_line("x" * 300).endswith("…")


@pytest.mark.parametrize("around", [b" " * 200_001 + b"x", b"<!-- -->" * 30_000])
def test_what_stands_around_the_json_has_a_bound(around: bytes) -> None:
    """Megabytes of notices or comments aren't looked through: that is no answer."""
    with pytest.raises(UnreadableError, match="broken JSON"):
        load_list(b"[]" + around)
    with pytest.raises(UnreadableError):
        load_list(b"<b>Notice</b>\n" + around + b"\n[]")
