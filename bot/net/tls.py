"""TLS as every connection has it: which certificate authorities are trusted.

UNUSED is for libraries that want a context before there is a connection: it trusts nobody.
"""

import os
import ssl
from pathlib import Path

UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_PROTOCOLS = ["http/1.1"]

# By SSL_CERT_FILE and SSL_CERT_DIR: when the file was changed last, and what was made of it.
_kept: dict[tuple[str | None, str | None], tuple[int | None, ssl.SSLContext]] = {}


def context() -> ssl.SSLContext:
    """The context of all connections: SSL_CERT_FILE's authorities, or SSL_CERT_DIR's, else certifi's.

    One for the process until that file changes, since reading them takes 20 ms and 3 MiB; while the file isn't there,
    what was read holds. OSError, with the name, where they can't be read.
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    changed = _changed(file)
    kept = _kept.get((file, folder))
    if kept is not None and changed in (None, kept[0]):
        return kept[1]
    made = _trusting(file, None if file else folder)
    _kept[file, folder] = (changed, made)
    return made


def _changed(file: str | None) -> int | None:
    """When a file was changed last; None where that can't be told."""
    try:
        return Path(file).stat().st_mtime_ns if file else None
    except OSError:
        return None


def _trusting(file: str | None, folder: str | None) -> ssl.SSLContext:
    if not file and not folder:
        import certifi

        file = certifi.where()
    try:
        made = ssl.create_default_context(cafile=file or None, capath=folder or None)
    except OSError as error:
        raise OSError(f"the certificates in {file or folder} can't be read ({error.strerror or error})") from error
    made.set_alpn_protocols(_PROTOCOLS)
    # urllib3 sets the same for each connection, while other threads begin theirs: OpenSSL allows no change then.
    made.set_alpn_protocols = _leave_as_it_is  # type: ignore[method-assign]
    return made


def _leave_as_it_is(alpn_protocols: object) -> None:
    """In the place of SSLContext.set_alpn_protocols."""
