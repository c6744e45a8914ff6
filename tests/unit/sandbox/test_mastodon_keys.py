"""Idempotency keys on the sandbox's Mastodon, as Mastodon and other servers have them."""

import threading

import pytest

from bot.sandbox.faults import LoseAnswer
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.mastodon_base import Idempotency
from tests.sandbox.faults import Delay
from tests.unit.sandbox.client import HandClock, call, publish

# --- the idempotency key


def test_a_key_gives_the_same_status_for_an_hour(instance: SandboxMastodon, token: str, clock: HandClock) -> None:
    """Whatever the body; a second account's key is its own; after an hour there is a second status."""
    other = instance.add_account("other")
    first = publish(instance, token, "One", key="k").json()["id"]

    assert first == publish(instance, token, "Two", key="k").json()["id"]
    assert first != publish(instance, other, "One", key="k").json()["id"]
    clock.forward(hours=1)
    assert first != publish(instance, token, "One", key="k").json()["id"]


def test_a_key_shows_the_status_as_it_is_now(instance: SandboxMastodon, token: str) -> None:
    """Edited: the edit. Deleted: 404."""
    first = publish(instance, token, "One", key="k").json()["id"]
    publish(instance, token, "Edited", method="PUT", to=f"/{first}")
    assert "<p>Edited</p>" == publish(instance, token, "One", key="k").json()["content"]

    publish(instance, token, {}, method="DELETE", to=f"/{first}")

    assert 404 == publish(instance, token, "One", key="k").status


def test_a_key_of_a_failure_is_free(instance: SandboxMastodon, token: str) -> None:
    """A refused request leaves nothing behind."""
    assert 422 == publish(instance, token, " ", key="k").status

    assert 200 == publish(instance, token, "Hello", key="k").status


def test_a_key_after_a_lost_answer(instance: SandboxMastodon, token: str) -> None:
    """The status that the client never heard of is the one that it gets."""
    instance.faults.add(match="POST */statuses", fault=LoseAnswer(), times=1)
    with pytest.raises(ConnectionError):
        publish(instance, token, key="k")

    assert instance.statuses[0].id == publish(instance, token, key="k").json()["id"]


def test_a_key_in_many_hands(instance: SandboxMastodon, token: str) -> None:
    """Twenty at once with one key make one status."""
    everybody_is_here = threading.Event()
    arrived = threading.Semaphore(0)
    instance.on_request = lambda _: arrived.release()
    instance.faults.add(fault=Delay(everybody_is_here))
    ids: list[str] = []
    threads = [
        threading.Thread(target=lambda: ids.append(publish(instance, token, key="k").json()["id"])) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert arrived.acquire(timeout=20)
    everybody_is_here.set()
    for thread in threads:
        thread.join()

    assert ([instance.statuses[0].id] * 20, 1) == (ids, len(instance.statuses))


def test_a_key_without_a_lock(clock: HandClock) -> None:
    """Mastodon up to 4.5: what comes in while the first request still runs makes a second status."""
    with SandboxMastodon(idempotency="1h-unlocked", now=clock) as instance:
        token = instance.add_account("uk")
        released, arrived = threading.Event(), threading.Event()
        instance.on_request = lambda _: arrived.set()
        instance.faults.add(fault=Delay(released), times=1)
        first = threading.Thread(target=publish, args=(instance, token), kwargs={"key": "k"})
        first.start()
        assert arrived.wait(20)
        second = publish(instance, token, key="k").json()["id"]
        released.set()
        first.join()

        assert 2 == len(instance.statuses)
        assert instance.statuses[1].id == publish(instance, token, key="k").json()["id"] != second


@pytest.mark.parametrize(
    ("idempotency", "expected", "published"),
    [
        ("1h", [200, 200], 1),
        ("1h-unlocked", [200, 200], 1),
        ("none", [200, 200], 2),
        ("replay-500", [200, 500], 1),
        ("replay-400", [200, 400], 1),
        ("replay-cached", [200, 200], 1),
    ],
)
def test_other_servers_keys(clock: HandClock, idempotency: Idempotency, expected: list[int], published: int) -> None:
    """Each kind of server does something else with a repeated key."""
    with SandboxMastodon(idempotency=idempotency, now=clock) as instance:
        token = instance.add_account("uk")

        assert expected == [publish(instance, token, key="k").status for _ in range(2)]
        assert published == len(instance.statuses)


def test_a_poisoned_key(clock: HandClock) -> None:
    """Pixelfed refuses a key whose first request failed."""
    with SandboxMastodon(idempotency="replay-400", now=clock) as instance:
        token = instance.add_account("uk")

        assert [422, 400] == [publish(instance, token, text, key="k").status for text in (" ", "Hello")]


def test_a_cached_failure(clock: HandClock) -> None:
    """Pleroma gives a failure again, to anybody, for six hours."""
    with SandboxMastodon(idempotency="replay-cached", now=clock) as instance:
        tokens = [instance.add_account("uk"), instance.add_account("eve")]

        assert [422, 422] == [publish(instance, token, " ", key="k").status for token in tokens]
        clock.forward(hours=6)
        assert 200 == publish(instance, tokens[0], "Hello", key="k").status


def test_a_status_that_is_dropped(clock: HandClock) -> None:
    """Antispam answers as if all were well, and keeps nothing."""
    with SandboxMastodon(drops=["casino"], now=clock) as instance:
        token = instance.add_account("uk")
        reply = publish(instance, token, "The casino")

        assert (200, []) == (reply.status, instance.statuses)
        assert 404 == call(f"{instance.url}/api/v1/statuses/{reply.json()['id']}").status
