"""TLS to a site: what is verified, and by whose word."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import SiteUnavailableError
from bot.wordpress import Http, RestSite
from bot.wordpress.client import Client
from bot.wordpress.http import UnreachableError
from tests.integration.mastodon.raw import RawServer, respond, silent
from tests.integration.wordpress.conftest import Reader


def test_tls_that_is_none_is_unavailable(reader: Reader) -> None:
    """A server that speaks plain HTTP where https was asked for."""
    url = reader.wordpress.url.replace("http:", "https:")
    site = RestSite(Client(site="uk", home=url, http=reader.http, allow_private=True, timeout=timedelta(seconds=20)))

    with pytest.raises(SiteUnavailableError, match="can't be reached"):
        site.discover()


def test_tls(http: tuple[Http, list[float]], tls: ssl.SSLContext, certificate: Path) -> None:
    """A site's certificate has to be one that somebody vouches for: those that SSL_CERT_FILE names."""
    with RawServer(respond(b"[]"), tls=tls) as server:
        url = f"https://localhost:{server.port}/"
        with pytest.raises(UnreachableError, match="certificate verify failed"):
            http[0].get(url, allow_private=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(certificate))
            answer = http[0].get(url, allow_private=True)

    assert (200, b"[]") == (answer.status, answer.body)


def test_missing_certificates(http: tuple[Http, list[float]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SSL_CERT_FILE names no file a site is asked nothing, and that file is named."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/certificates.pem")

    with RawServer(silent) as server:
        site = RestSite(Client(site="uk", home=f"https://127.0.0.1:{server.port}", http=http[0], allow_private=True))
        with pytest.raises(SiteUnavailableError, match=r"certificates in /nonexistent/certificates\.pem can't be read"):
            site.read(1)
