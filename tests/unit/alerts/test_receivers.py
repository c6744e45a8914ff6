"""Receivers by Apprise and the heartbeat, with somebody on loopback."""

import json
import logging

import pytest

from bot import __version__
from bot.alerts import Heartbeat, Receivers
from bot.errors import ConfigError
from tests.unit.alerts.listener import listening, mailbox

SECRET = "s3cr3t-t0ken"


def receivers(port: int, *, allow_private: bool = True, number: int = 1) -> Receivers:
    """Those who are told on loopback."""
    addresses = [(f"alerts.urls[{n}]", f"json://me:{SECRET}@127.0.0.1:{port}/") for n in range(number)]
    return Receivers(addresses, allow_private=allow_private)


def test_everyone_is_told() -> None:
    """Title, body, and what it is."""
    with listening() as listener:
        assert () == receivers(listener.port, number=2).send("A title", "A body", "warning")

    assert 2 == len(listener.heard)
    said = json.loads(listener.heard[0][1])
    assert ("A title", "A body", "warning") == (said["title"], said["message"], said["type"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [("", "- no <b>way</b>\r\n- call `howdah`"), ("&format=html", "&lt;b&gt;way&lt;/b&gt;<br/>-&nbsp;call")],
    ids=["text", "html"],
)
def test_a_mail_says_it_line_by_line(asked: str, said: str) -> None:
    """As it is written: what an instance has said is no markup in a mail."""
    with mailbox() as box:
        address = f"mailto://127.0.0.1:{box.port}?to=me@example.org&from=howdah@example.org{asked}"
        receivers = Receivers([("alerts.urls[0]", address)], allow_private=True)
        assert () == receivers.send("A title", "- no <b>way</b>\n- call `howdah`", "info")

    *_, part = box.mails[0].walk()
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert said in payload.decode()


def test_who_does_not_take_it_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """By its place in the config; its secret is in no message and no log, whatever goes wrong."""
    with listening() as listener, caplog.at_level(logging.DEBUG):
        listener.status = 404
        refused = receivers(listener.port).send("A title", "A body", "warning")
    closed = receivers(listener.port).send("A title", "A body", "warning")

    untold = "alerts.urls[0] (JSON) didn't take the notice"
    assert ((f"{untold} (it answers 404)",), (f"{untold} (it can't be reached, or refuses the login)",)) == (
        refused,
        closed,
    )
    assert SECRET not in caplog.text


def test_private_addresses_only_where_they_are_meant() -> None:
    """As for sites and instances."""
    with listening() as listener:
        (refused,) = receivers(listener.port, allow_private=False).send("A title", "A body", "warning")

    assert "alerts.allow_private = true" in refused
    assert [] == listener.heard


def test_an_address_that_nobody_knows_is_said_without_it() -> None:
    """When the config is read, not when something is wrong."""
    with pytest.raises(ConfigError, match=r"^alerts\.urls\[0\] isn't an address that Apprise knows") as caught:
        Receivers([("alerts.urls[0]", f"nosuch://{SECRET}")], allow_private=False)

    assert SECRET not in str(caught.value)


class TestHeartbeat:
    """As healthchecks has it."""

    def test_start_success_and_fail(self) -> None:
        """The reason stands in the body."""
        with listening() as listener:
            heartbeat = Heartbeat(f"http://127.0.0.1:{listener.port}/{SECRET}", allow_private=True)
            assert ["", "", ""] == [heartbeat.start(), heartbeat.success(), heartbeat.fail("the site is down")]
            heartbeat.close()

        assert [
            (f"/{SECRET}/start", ""),
            (f"/{SECRET}", ""),
            (f"/{SECRET}/fail", "the site is down"),
        ] == listener.heard
        assert {f"howdah/{__version__}"} == listener.agents

    def test_what_goes_wrong_is_said_without_the_address(self) -> None:
        """No such check; nobody there; an address of this network that isn't meant."""
        with listening() as listener:
            listener.status = 404
            address = f"http://127.0.0.1:{listener.port}/{SECRET}"
            missing = Heartbeat(address, allow_private=True).success()
            guarded = Heartbeat(address, allow_private=False).success()
        closed = Heartbeat(address, allow_private=True).success()

        assert "the heartbeat's address answered 404" == missing
        assert "the heartbeat can't be sent (ConnectError)" == closed
        assert "allow_private" in guarded
        assert 1 == len(listener.heard)
        assert not [words for words in (missing, guarded, closed) if SECRET in words]
