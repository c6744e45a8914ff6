"""The status page beside the daemon, where the config has one. Without [web], nothing of it is imported."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.cli import redaction

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from bot.config import Config
    from bot.crosspost.context import Context
    from bot.web import Web, WebSettings


class Serving:
    """Shows what the daemon does, through every reading of the config. idle: the ticks that don't work."""

    def __init__(self, idle: Callable[[], Collection[str]]) -> None:
        self._idle = idle
        self._web: Web | None = None

    @contextmanager
    def of(self, config: Config, context: Context) -> Iterator[None]:
        """Show this context, as its config says. RefusedError where its address can't be listened on."""
        if config.settings.web is None:
            yield
            return
        from bot.cli.post_names import find_post
        from bot.web import Live, Web

        def named(text: str) -> tuple[str, int]:
            post = find_post(text, config=config, context=context)
            return post.site, post.post_id

        live = Live(context=context, settings=_settings(config), idle=self._idle, find_post=named)
        self._web = self._web or Web()
        with self._web.serving(live):
            yield


def _settings(config: Config) -> WebSettings:
    """Raises ConfigError where there is no password to be had."""
    from ipaddress import ip_network

    from bot.web import WebSettings

    table = config.settings.web
    if table is None:
        raise AssertionError("there is no [web]")
    host, port = table.place

    def read_password() -> str:
        return redaction.remember(config.web_password().reveal())

    read_password()
    for site in config.sites:
        config.hook_key(site)
    return WebSettings(
        host=host,
        port=port,
        read_password=read_password,
        hook_key=lambda site: config.hook_key(site) if site in config.sites else None,
        metrics_public=table.metrics_public,
        trusted_proxies=tuple(map(ip_network, table.trusted_proxies)),
    )
