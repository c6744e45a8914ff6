"""What needs a person."""

from msgspec.structs import replace

from bot.domain.models import Cause
from bot.ports import Store
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND


class TestCauses:
    """What needs a person."""

    def test_they_come_and_go(self, store: Store) -> None:
        """Kept as first seen, but for their words; gone since it was noticed, and back again."""
        first = Cause(key="site:uk", kind="site", text="down", since=NOON)
        store.note_causes([first], now=NOON)
        store.note_causes([replace(first, text="still down", since=NOON + HOUR)], now=NOON + HOUR)

        assert (replace(first, text="still down"),) == store.causes()

        store.note_causes([], now=NOON + HOUR)
        store.note_causes([], now=NOON + DAY)
        assert [NOON + HOUR] == [cause.gone_at for cause in store.causes()]

        store.note_causes([first], now=NOON + DAY)
        assert (first,) == store.causes()

    def test_telling(self, store: Store) -> None:
        """One process at a time claims a cause; what was told is kept until its end is, too."""
        store.note_causes([Cause(key=key, kind="site", text="", since=NOON) for key in "ab"], now=NOON)

        assert {"a", "b"} == store.claim_causes(["a", "b", "c"], now=NOON, unclaimed_since=NOON - MINUTE)
        assert frozenset() == store.claim_causes(["a"], now=NOON + SECOND, unclaimed_since=NOON - MINUTE)
        assert {"a"} == store.claim_causes(["a"], now=NOON + HOUR, unclaimed_since=NOON)

        store.told_causes(["a"], now=NOON + HOUR)
        assert [NOON + HOUR, None] == [cause.told_at for cause in store.causes()]
        assert {"a"} == store.claim_causes(["a"], now=NOON + HOUR, unclaimed_since=NOON)

        store.forget_causes(["a", "b"])
        assert () == store.causes()
