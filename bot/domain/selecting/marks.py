"""What is known of a post that was shared by other means than howdah's."""

from dataclasses import dataclass

from bot.domain.selecting.plan import SeenPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A post that is shared already. url and status_id: of its status, '' where they aren't known."""

    post: SeenPost
    url: str = ""
    status_id: str = ""
