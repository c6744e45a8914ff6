"""What the config has, as reports ask for it."""

from tests.unit.crosspost.stage import Stage


class Configured:
    """What the config has, over a stage."""

    sites: tuple[str, ...] = ("uk",)
    accounts: tuple[str, ...] = ("uk",)

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def site_policy(self, _name: str):
        """The stage's."""
        return self._stage.site_policy

    def account_policy(self, _name: str):
        """The stage's."""
        return self._stage.account_policy
