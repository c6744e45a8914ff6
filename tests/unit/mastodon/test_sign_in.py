"""What a sign-in asks for."""

import pytest

from bot.mastodon.sign_in import challenge, scopes_to_try

PROFILE = "profile read:statuses write:media write:statuses"
COARSE = "read write"
ACCOUNTS = "read:accounts read:statuses write:media write:statuses"


@pytest.mark.parametrize(
    ("software", "supported", "mentions", "choices"),
    [
        ("mastodon", ["profile", "read", "write"], False, [PROFILE, ACCOUNTS, COARSE]),
        ("mastodon", ["profile", "read", "write"], True, [ACCOUNTS, COARSE]),
        ("mastodon", [], False, [ACCOUNTS, COARSE]),
        ("gotosocial", [], False, [ACCOUNTS, COARSE]),
        ("pixelfed", [], False, [COARSE]),
    ],
)
def test_the_least_scopes_come_first(software, supported, mentions, choices):
    """`profile` where it is known and enough, else read:accounts; the coarse ones last, or alone."""
    assert tuple(choices) == scopes_to_try(software=software, supported=supported, mentions=mentions)


def test_the_challenge_is_that_of_the_standard():
    """The example of RFC 7636, appendix B."""
    assert "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" == challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
