"""Every path that is answered: a file for each group, with its PATHS."""

from bot.web.routes import (
    api,
    api_changes,
    assets,
    chart,
    health,
    hooks,
    metrics,
    overview,
    posts,
    preview,
    several,
    shares,
    sign_in,
    standing,
)

PATHS = (
    *assets.PATHS,
    *health.PATHS,
    *metrics.PATHS,
    *api.PATHS,
    *api_changes.PATHS,
    *hooks.PATHS,
    *sign_in.PATHS,
    *overview.PATHS,
    *shares.PATHS,
    *several.PATHS,
    *posts.PATHS,
    *standing.PATHS,
    *preview.PATHS,
    *chart.PATHS,
)
