"""`howdah alerts test` to receivers on loopback."""

from tests.unit.alerts.listener import Listener, listening

SECRET = "hunter2-in-the-address"


def configure(howdah, *listeners: Listener) -> None:
    """Add receivers, each with a secret in its address."""
    urls = [f"json://me:{SECRET}@127.0.0.1:{listener.port}/{SECRET}" for listener in listeners]
    howdah.set("alerts", {"allow_private": True, "urls": urls})


def test_everyone_takes_it(howdah):
    """Exit code 0, and how many there were."""
    with listening() as first, listening() as second:
        configure(howdah, first, second)
        done = howdah.run("alerts", "test")

    assert (0, "The notice was taken by 2 receivers.\n") == (done.code, done.out)
    assert (1, 1) == (len(first.heard), len(second.heard))


def test_one_that_answers_404_is_named(howdah):
    """Exit code 1 with its place in the config; the secret of its address is nowhere, however much is logged."""
    with listening() as first, listening() as second:
        second.status = 404
        configure(howdah, first, second)
        done = howdah.run("--verbose", "alerts", "test")

    assert 1 == done.code
    assert "taken by 1 receiver." in done.out
    assert "alerts.urls[1] (JSON) didn't take the notice" in done.err
    assert "alerts.urls[0]" not in done.err
    assert SECRET not in done.out + done.err


def test_without_receivers_it_is_a_mistake(howdah):
    """Exit code 2, and where to read of them."""
    done = howdah.run("alerts", "test")

    assert 2 == done.code
    assert "[alerts] has no urls" in done.err
