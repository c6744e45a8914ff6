"""Idempotency keys."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.transitions.keys import idempotency_key
from tests.makers import NOON, share

INSTANCE = "https://social.example"


def test_the_same_share_has_the_same_key_wherever_it_is_computed():
    """A store restored from a backup comes to the same key; texts are not in it, nor what a store leaves of time."""
    made = share().created_at + timedelta(microseconds=999)
    restored = share(updated_at=NOON, title="Another title", id=99, created_at=made)

    assert idempotency_key(share(), instance=INSTANCE) == idempotency_key(restored, instance=INSTANCE)


@pytest.mark.parametrize(
    "fields",
    [
        {"site": "eu"},
        {"post_id": 8},
        {"link": "https://b.example/7/"},
        {"created_at": NOON},
        {"account": "eu"},
        {"number": 2},
        {"attempts": 1},
    ],
)
def test_every_part_makes_another_key(fields):
    """Another post, account, share or life is another key."""
    other = replace(share(), **fields)

    assert idempotency_key(share(), instance=INSTANCE) != idempotency_key(other, instance=INSTANCE)


def test_another_instance_makes_another_key():
    """Some servers keep one table of keys for all users."""
    assert idempotency_key(share(), instance=INSTANCE) != idempotency_key(share(), instance="https://b.example")


def test_the_key_is_a_plain_header_value():
    """Header values are latin-1; a hexadecimal digest always is."""
    assert 64 == len(idempotency_key(share(site="ü/\n"), instance=INSTANCE))
