"""TLS as every connection has it: which certificate authorities are trusted.

UNUSED is for libraries that want a context before there is a connection: it trusts nobody.
"""

import os
import ssl
from functools import cache

UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def context() -> ssl.SSLContext:
    """The context of all connections: SSL_CERT_FILE's authorities, or SSL_CERT_DIR's, else certifi's.

    One for the process, since reading them takes 20 ms and 3 MiB. OSError, with the name, where they can't be read.
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    return _trusting(file, None if file else folder)


@cache
def _trusting(file: str | None, folder: str | None) -> ssl.SSLContext:
    if not file and not folder:
        import certifi

        file = certifi.where()
    try:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    except OSError as error:
        raise OSError(f"the certificates in {file or folder} can't be read ({error.strerror or error})") from error
