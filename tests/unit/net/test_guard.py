"""One guard for every connection: how it shares out the time."""

import pytest

from bot.net.guard import connect


def test_every_address_gets_an_equal_part_of_the_time() -> None:
    """A dead first address leaves time for the others; None is no limit for any."""
    parts: list[float | None] = []

    def dead(_address: str, seconds: float | None) -> None:
        parts.append(seconds)
        raise ConnectionRefusedError

    for seconds in (9.0, None):
        with pytest.raises(ConnectionRefusedError):
            connect(
                "site.example",
                443,
                seconds=seconds,
                allowed=lambda _: True,
                open_to=dead,
                resolve=lambda *_: ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
            )

    assert [3, 4, 9] == [round(part or 0) for part in parts[:3]]
    assert [None] * 3 == parts[3:]
