"""/metrics: what Prometheus reads, and a badge with one word."""

import platform
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from bot import __version__
from bot.report.needs import needs
from bot.web.calls import Access, Call, Path
from bot.web.live import Live

_TICKS = ("collect", "deliver", "follow")
_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics(call: Call) -> Response:
    """All metrics: those that are counted as things happen, and how it stands now."""
    now = CollectorRegistry()
    now.register(_Standing(call.live))
    body = generate_latest(call.process.counters.registry) + generate_latest(now)
    return Response(body, media_type=_TYPE)


class _Standing(Collector):
    """How it stands now, by the store."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def collect(self) -> Iterator[Metric]:
        """Every gauge."""
        yield self._shares()
        yield from self._queue()
        yield from self._sites()
        yield from self._accounts()
        yield from self._process()

    def _shares(self) -> Metric:
        family = GaugeMetricFamily("howdah_shares", "Shares.", labels=["state", "site", "account"])
        for (site, account, state), number in self._live.context.store.counts().items():
            family.add_metric([str(state), site, account], number)
        return family

    def _queue(self) -> Iterator[Metric]:
        health = self._live.health()
        oldest = health.oldest_pending
        waited = (health.now - oldest.created_at).total_seconds() if oldest else 0
        yield GaugeMetricFamily(
            "howdah_oldest_pending_seconds", "How long the oldest pending share waits.", value=waited
        )
        yield GaugeMetricFamily("howdah_needs_person", "What needs a person.", value=len(list(needs(health))))

    def _sites(self) -> Iterator[Metric]:
        health = self._live.health()
        lag = GaugeMetricFamily("howdah_look_lag_seconds", "Since the last complete look at a site.", labels=["site"])
        failures = GaugeMetricFamily("howdah_look_failures", "Looks that failed in a row.", labels=["site"])
        rests = GaugeMetricFamily("howdah_site_paused", "1 while a person lets a site rest.", labels=["site"])
        for site in health.sites:
            if site.looked_at is not None:
                lag.add_metric([site.name], (health.now - site.looked_at).total_seconds())
            failures.add_metric([site.name], site.failures)
            rests.add_metric([site.name], float(site.is_at_rest(now=health.now)))
        yield from (lag, failures, rests)

    def _accounts(self) -> Iterator[Metric]:
        health = self._live.health()
        left = GaugeMetricFamily("howdah_rate_budget_left", "Statuses that may be sent now.", labels=["account"])
        rests = GaugeMetricFamily(
            "howdah_account_paused", "1 while an account rests, by its own trouble or by hand.", labels=["account"]
        )
        for account in health.accounts:
            left.add_metric([account.name], health.budgets[account.name].left)
            at_rest = account.is_paused(now=health.now) or account.is_at_rest(now=health.now)
            rests.add_metric([account.name], float(at_rest))
        yield from (left, rests)

    def _process(self) -> Iterator[Metric]:
        idle = self._live.idle()
        ticks = GaugeMetricFamily("howdah_tick_working", "1 while a tick of the daemon works.", labels=["tick"])
        for tick in _TICKS:
            ticks.add_metric([tick], float(tick not in idle))
        build = GaugeMetricFamily("howdah_build_info", "Which howdah this is.", labels=["version", "python"])
        build.add_metric([__version__, platform.python_version()], 1)
        yield from (ticks, build)


_BADGE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="howdah: {word}">'
    '<rect width="{width}" height="20" rx="3" fill="#444"/>'
    '<rect x="52" width="{rest}" height="20" rx="3" fill="{fill}"/>'
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="6" y="14">howdah</text>'
    '<text x="58" y="14">{word}</text></g></svg>'
)


def badge(call: Call) -> Response:
    """One word for other pages: that all is well, or that a person is needed; not what, nor where."""
    trouble = bool(list(needs(call.live.health()))) or bool(set(call.live.idle()) & {"collect", "deliver"})
    word, fill, rest = ("needs a person", "#961f1b", 96) if trouble else ("well", "#2f6b3f", 38)
    body = _BADGE.format(word=word, fill=fill, rest=rest, width=52 + rest)
    return Response(body, media_type="image/svg+xml", headers={"Cross-Origin-Resource-Policy": "cross-origin"})


PATHS = (
    Path(path="/metrics", answer=metrics, access=Access.METRICS),
    Path(path="/badge.svg", answer=badge, access=Access.METRICS),
)
