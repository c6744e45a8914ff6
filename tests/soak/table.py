"""What a soak came to, as a plain table."""

from collections.abc import Iterator

from tests.soak.soak import Report

_COLUMNS = "{:<9} {:>7} {:>5} {:>8} {:>6} {:>6} {:>10} {:>7} {:>12} {:>8} {:>6} {:>5} {:>5} {:>11} {:>7}"
HEAD = _COLUMNS.format(
    *("scenario", "daemons", "sites", "accounts", "posts", "kills", "in publish", "frozen", "answers lost", "seconds"),
    *("twice", "lost", "held", "unfinished", "astray"),
)
_MOST = 10


def row(report: Report) -> str:
    """A soak's figures under HEAD. in publish: how many of the kills came while a publish was in flight."""
    scenario, verdict = report.scenario, report.verdict
    return _COLUMNS.format(
        *(
            scenario.name,
            scenario.daemons,
            scenario.sites,
            report.accounts,
            report.posts,
            report.kills,
            report.kills_in_flight,
        ),
        *(report.freezes, report.answers_lost, round(report.seconds)),
        *(len(verdict.twice), len(verdict.lost), len(verdict.held), len(verdict.unfinished), len(verdict.astray)),
    )


def details(report: Report) -> Iterator[str]:
    """What the figures don't say."""
    if report.by_hand:
        yield "share by hand: " + ", ".join(f"{number} {outcome}" for outcome, number in sorted(report.by_hand.items()))
    yield f"the instance took at most {report.slowest_publish:.2f} s to do a publish"
    yield from report.troubles
    verdict = report.verdict
    for kind in ("twice", "lost", "held", "unfinished", "astray"):
        found = getattr(verdict, kind)
        yield from (f"{kind}: {sentence}" for sentence in found[:_MOST])
        if len(found) > _MOST:
            yield f"{kind}: and {len(found) - _MOST} more"
