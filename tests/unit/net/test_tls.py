"""Whom all connections trust, and what they say first."""

import os
import ssl
from pathlib import Path

import certifi
import pytest

from bot.net import tls


def hello(context: ssl.SSLContext) -> bytes:
    """The first bytes of a handshake."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    connection = context.wrap_bio(incoming, outgoing, server_hostname="site.example")
    with pytest.raises(ssl.SSLWantReadError):
        connection.do_handshake()
    return outgoing.read()


def test_every_connection_speaks_http_1_1() -> None:
    """From the first one on, and whatever a library sets for its own: others begin at that moment."""
    context = tls.context()
    assert b"\x08http/1.1" in hello(context)

    context.set_alpn_protocols(["h2"])

    assert b"\x08http/1.1" in hello(context)


def test_renewed_authorities_are_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as the file is another; while it isn't there, what was read holds."""
    mark = "-----END CERTIFICATE-----\n"
    first, second = (text + mark for text in Path(certifi.where()).read_text(encoding="utf-8").split(mark)[:2])
    file = tmp_path / "authorities.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    file.write_text(first, encoding="utf-8")
    before = tls.context()
    assert before is tls.context()

    file.write_text(second, encoding="utf-8")
    os.utime(file, ns=(1, 1))
    after = tls.context()
    file.unlink()

    assert [1, 1] == [len(context.get_ca_certs()) for context in (before, after)]
    assert before.get_ca_certs() != after.get_ca_certs()
    assert after is tls.context()
