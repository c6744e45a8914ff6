"""Every path that is answered: a file for each group, with its PATHS."""

from bot.web.routes import (
    api,
    api_changes,
    assets,
    bulk,
    chart,
    health,
    hooks,
    metrics,
    overview,
    post_buttons,
    posts,
    preview,
    shares,
    sign_in,
    sites_and_accounts,
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
    *bulk.PATHS,
    *posts.PATHS,
    *post_buttons.PATHS,
    *sites_and_accounts.PATHS,
    *preview.PATHS,
    *chart.PATHS,
)
