"""Every path that is answered: a file for each group, with its PATHS."""

from bot.web.routes import (
    api,
    api_changes,
    assets,
    chart,
    health,
    hooks,
    list_buttons,
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
    *list_buttons.PATHS,
    *posts.PATHS,
    *post_buttons.PATHS,
    *sites_and_accounts.PATHS,
    *preview.PATHS,
    *chart.PATHS,
)
