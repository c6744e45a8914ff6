"""Every path that is answered: a file for each group, with its PATHS."""

from bot.web.routes import assets, health, overview, sign_in

PATHS = (
    *assets.PATHS,
    *health.PATHS,
    *sign_in.PATHS,
    *overview.PATHS,
)
