"""`howdah pause` and `howdah resume` over real HTTP."""

from tests.integration.cli.conftest import ACCOUNT, SITE


def test_a_site_rests_until_it_is_resumed(howdah, wordpress, mastodon):
    """It isn't asked, nothing is shared, also not by hand; afterwards all of it is, and nothing was a failure."""
    howdah.run("sync")
    paused = howdah.run("pause", SITE)
    wordpress.publish(title="News")
    asked = len(wordpress.requests)
    synced = howdah.run("sync", "--json")

    assert f"site {SITE}: paused by hand; `howdah resume {SITE}` ends it\n" == paused.out
    assert (0, "", asked) == (synced.code, synced.out, len(wordpress.requests))
    assert "paused by hand" in howdah.run("status").out
    [site] = howdah.run("status", "--json").object["sites"]
    assert (None, "paused by hand") == (site["paused_until"], site["pause_reason"])

    resumed = howdah.run("resume", SITE)
    howdah.run("sync")

    assert (0, f"site {SITE} goes on\n") == (resumed.code, resumed.out)
    assert 1 == len(mastodon.statuses)


def test_an_account_rests_until_a_time(howdah, wordpress, mastodon):
    """What a person asks for meanwhile is queued, and said to be."""
    howdah.run("sync")
    howdah.run("pause", ACCOUNT, "--until", "2h")
    post_id = wordpress.publish(title="News")
    shared = howdah.run("share", f"{SITE}/{post_id}")

    assert (1, []) == (shared.code, mastodon.statuses)
    assert f"isn't shared yet: account {ACCOUNT} rests" in shared.err
    [account] = howdah.run("status", "--json").object["accounts"]
    assert account["paused_until"].endswith("Z")

    howdah.run("resume", ACCOUNT)
    howdah.run("sync")

    assert 1 == len(mastodon.statuses)


def test_what_is_not_there(howdah):
    """Exit code 2 and what there is; a time that is over is refused with 1, a text that is none with 2."""
    assert 2 == howdah.run("pause", "nothing").code
    assert f"The config has {ACCOUNT} and {SITE}" in howdah.run("resume", "nothing").err
    assert 2 == howdah.run("pause", SITE, "--account").code
    assert 1 == howdah.run("pause", SITE, "--until", "2020-01-01").code
    assert "is no time" in howdah.run("pause", SITE, "--until", "whenever").err
