"""Bytes of an answer: decoded in steps, and bounded."""

import gzip
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wordpress.body import BodyError, read_body


def cut(data: bytes, size: int) -> list[bytes]:
    """Data in chunks."""
    return [data[place : place + size] for place in range(0, len(data), size)]


@given(st.binary(max_size=3_000), st.integers(1, 500), st.sampled_from(["gzip", " X-GZIP "]))
def test_gzip_is_decoded(data: bytes, size: int, encoding: str) -> None:
    """However it is cut into chunks."""
    chunks = cut(gzip.compress(data), size)

    assert data == read_body(chunks, encoding=encoding, max_bytes=len(data))


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_072, 1_000_000])
def test_steps_lose_nothing(size: int) -> None:
    """Bodies as long as a step, or a byte more."""
    data = bytes(range(256)) * (size // 256 + 1)

    assert data[:size] == read_body([gzip.compress(data[:size])], encoding="gzip", max_bytes=size)


def test_plain_bytes_stay_as_they_are() -> None:
    """Without an encoding."""
    assert b"abcdef" == read_body([b"abc", b"", b"def"], encoding="", max_bytes=6)
    assert b"abc" == read_body([b"abc"], encoding="identity", max_bytes=6)


def test_a_body_that_is_too_big_is_left_while_it_comes() -> None:
    """An endless one is refused after the first byte too many."""
    taken = itertools.count()

    def endless() -> Iterator[bytes]:
        while True:
            next(taken)
            yield b"x" * 100

    with pytest.raises(BodyError, match="bigger than 1,000 bytes"):
        read_body(endless(), encoding="", max_bytes=1_000)
    assert next(taken) == 11


def test_a_bomb_is_left_while_it_unfolds() -> None:
    """100 MB in 100 kB: what is decoded never gets far past the bound."""
    bomb = gzip.compress(b"\0" * 100_000_000, compresslevel=1)

    with pytest.raises(BodyError, match="bigger than"):
        read_body([bomb], encoding="gzip", max_bytes=1_000_000)


def test_a_bomb_in_a_bomb_is_not_unfolded() -> None:
    """Stacked encodings were never asked for."""
    with pytest.raises(BodyError, match="wasn't asked for"):
        read_body([b""], encoding="gzip, gzip", max_bytes=10)


def test_what_is_cut_short_is_no_answer() -> None:
    """The end of the gzip is missing."""
    whole = gzip.compress(b"abcdef" * 100)

    with pytest.raises(BodyError, match="cut short"):
        read_body([whole[:-4]], encoding="gzip", max_bytes=1_000)


def test_a_broken_gzip_is_no_answer() -> None:
    """It begins like one."""
    with pytest.raises(BodyError, match="broken"):
        read_body([b"\x1f\x8b<html>"], encoding="gzip", max_bytes=1_000)


def test_a_header_that_lies_costs_nothing() -> None:
    """It says gzip of what is none, or nothing of what is."""
    assert b"[]" == read_body([b"[", b"]"], encoding="gzip", max_bytes=2)
    assert b"[]" == read_body(cut(gzip.compress(b"[]"), 1), encoding="", max_bytes=2)


def test_no_bytes_are_an_empty_body() -> None:
    """Whatever the header says: 204 and 304 have none."""
    assert b"" == read_body([], encoding="gzip", max_bytes=1)


def test_what_follows_the_end_is_left_out() -> None:
    """Padding after the gzip."""
    assert b"a" == read_body([gzip.compress(b"a") + b"\0" * 9, b"more"], encoding="gzip", max_bytes=1)
