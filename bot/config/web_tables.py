"""[web]: the status page, the API, the metrics."""

from ipaddress import ip_address, ip_network
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config import checks
from bot.config.kinds import FileName, Several, Table
from bot.config.toml_text import shown


def _network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError as error:
        raise ValueError(f'{shown(value)} isn\'t an address or a network (such as "10.0.0.0/8")') from error


class WebTable(Table):
    """The status page, the API and the metrics, in the daemon's own process."""

    listen: Annotated[str, AfterValidator(checks.listen)] = Field(
        default="127.0.0.1:8642",
        description="The address and port that the status page listens on.",
        examples=["127.0.0.1:8642"],
    )
    password_file: FileName = Field(
        description="The file with the page's password, plain or as an argon2 hash, relative to the config file.",
        examples=["web.password"],
    )
    metrics_public: bool = Field(
        default=False,
        description="Whether /metrics is told to everyone, without the password.",
        examples=[True],
    )
    trusted_proxies: Several[Annotated[str, AfterValidator(_network)]] = Field(
        default=(),
        description="The proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks.",
        examples=[["127.0.0.1"]],
    )

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
