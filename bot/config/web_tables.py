"""[web]: the status page, the API, the metrics."""

from ipaddress import ip_address, ip_network
from typing import Annotated

from msgspec import Meta

from bot.config import checks
from bot.config.kinds import FileName, Table, checked
from bot.config.toml_text import shown


def _network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError as error:
        raise ValueError(f'{shown(value)} isn\'t an address or a network (such as "10.0.0.0/8")') from error


class WebTable(Table, frozen=True, kw_only=True):
    """The status page, the API and the metrics, in the daemon's own process."""

    listen: Annotated[
        str,
        checked(checks.listen),
        Meta(description="The address and port that the status page listens on.", examples=["127.0.0.1:8642"]),
    ] = "127.0.0.1:8642"
    password_file: Annotated[
        FileName,
        Meta(
            description="The file with the page's password, plain or as an argon2 hash, relative to the config file.",
            examples=["web.password"],
        ),
    ]
    metrics_public: Annotated[
        bool, Meta(description="Whether /metrics is told to everyone, without the password.", examples=[True])
    ] = False
    trusted_proxies: Annotated[
        tuple[Annotated[str, checked(_network)], ...],
        Meta(
            description="The proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks.",
            examples=[["127.0.0.1"]],
        ),
    ] = ()

    @property
    def place(self) -> tuple[str, int]:
        """The host and the port to listen on; an IPv6 address without its brackets."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches it."""
        host, _ = self.place
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"
