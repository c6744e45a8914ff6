"""What plugins add to a post's record: where it was shared, its language, for whom it is."""

from typing import Any

import pytest

from tests.unit.wordpress.records import read


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"share_on_mastodon": {"url": "https://m.example/1", "error": ""}}, "https://m.example/1"),
        ({"share_on_mastodon": {"url": "", "error": "no"}}, ""),
        ({"share_on_mastodon": {"errors": {"invalid_id": ["Invalid post ID."]}}}, ""),
        ({"share_on_mastodon": []}, ""),
        ({"share_on_mastodon": {"url": ["https://m.example/1"]}}, ""),
        ({"share_on_mastodon": {"url": "shared"}}, ""),
        ({"share_on_mastodon": "https://m.example/3"}, "https://m.example/3"),
        ({"meta": {"_share_on_mastodon_url": "https://m.example/2"}}, "https://m.example/2"),
        ({"meta": {"_share_on_mastodon_url": ["https://m.example/2"]}}, "https://m.example/2"),
        ({"meta": []}, ""),
    ],
)
def test_where_the_plugin_shared_it(fields: dict[str, Any], url: str) -> None:
    """Its field, or its meta of old; only a web address means that it is shared."""
    assert url == read(**fields).share_url


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({"lang": "en"}, "en"),
        ({"polylang_current_lang": "pt_BR"}, "pt-BR"),
        ({"wpml_current_locale": "de_DE_formal"}, "de-DE-formal"),
        ({"wpml_current_locale": "en_GB", "lang": "fr"}, "fr"),
        ({"wpml_current_locale": "en_GB", "lang": ""}, "en-GB"),
        ({"wpml_current_locale": "en_GB", "lang": {"slug": "fr"}}, "en-GB"),
        ({"lang": "  nl\n"}, "nl"),
        ({"lang": "english"}, ""),
        ({"lang": "e"}, ""),
        ({"lang": "en GB"}, ""),
        ({"lang": "en\nSet-Cookie: a=b"}, ""),
        ({"lang": "en" + "-x" * 10}, ""),
        ({"lang": "ëñ"}, ""),
        ({"lang": 5}, ""),
        ({}, ""),
    ],
)
def test_the_language_is_what_a_plugin_says(fields: dict[str, Any], language: str) -> None:
    """As a tag with hyphens; nothing that doesn't look like one."""
    assert language == read(**fields).language


def test_what_the_author_wrote_for_the_status_is_read() -> None:
    """Plain text as the plugin keeps it; cut where nobody would write so much."""
    post = read(meta={"_share_on_mastodon_status": " Mine:\n%permalink% \0", "_share_on_mastodon_cw": "Heights"})

    assert ("Mine:\n%permalink%", "Heights") == (post.share_text, post.share_cw)
    assert 10_000 == len(read(meta={"_share_on_mastodon_status": "w" * 20_000}).share_text)
    assert ("x", "") == (read(meta={"_share_on_mastodon_status": ["x"]}).share_text, read(meta=[]).share_cw)


@pytest.mark.parametrize(
    ("fields", "members"),
    [
        ({"meta": {"_jetpack_newsletter_access": "subscribers"}}, True),
        ({"meta": {"_jetpack_newsletter_access": "everybody"}}, False),
        ({"meta": []}, False),
        ({"content": {"rendered": '<div class="pmpro_content_message">Join</div>'}}, True),
        (
            {"content": {"rendered": "<div class='a mepr-unauthorized'>Join</div>"}, "excerpt": {"rendered": "Hi"}},
            False,
        ),
        ({"content": {"rendered": "<p>We have no paywall</p>"}}, False),
        ({"content": {"rendered": '<div class="entry no-paywall">All of it</div>'}}, False),
        ({"content": {"rendered": '<div class="a paywall-message">Join</div>'}}, True),
        ({"content": {"rendered": '<div class="leaky_paywall_message">Join</div>'}}, True),
        ({"content": {"rendered": f'<div class="paywall"><p>{"All of it. " * 100}</p></div>'}}, False),
        ({"excerpt": {"rendered": f'<div class="paywall"><p>{"All of it. " * 100}</p></div>'}}, False),
        (
            {
                "content": {"rendered": f'<div class="paywall"><p>{"All of it. " * 100}</p></div>'},
                "excerpt": {"rendered": f"<p>{'All of it. ' * 18}[&hellip;]</p>"},
            },
            False,
        ),
        ({"excerpt": {"rendered": '<div class="members-access-error">Sorry, but no.</div>\n'}}, True),
        ({"excerpt": {"rendered": '<p>A teaser.</p><div class="members-access-error">More?</div>'}}, False),
        (
            {
                "content": {
                    "rendered": '<div class="mp_wrapper"><p class="mepr-unauthorized">Sign in,</p><p>or join</p>'
                },
                "excerpt": {"rendered": "<p>Sign in,or join [&hellip;]</p>"},
            },
            True,
        ),
        (
            {
                "content": {"rendered": '<p>Long ago</p><div class="pmpro_content_message">Join</div>'},
                "excerpt": {"rendered": "<p>Long ago [&hellip;]</p>"},
            },
            False,
        ),
    ],
)
def test_a_post_for_members_is_known_by_what_the_site_says(fields: dict[str, Any], *, members: bool) -> None:
    """A newsletter's setting, or a wall where the text should be; an excerpt for everybody is for everybody.

    WordPress makes excerpts of the wall's words where there is no other.
    """
    assert members is read(**fields).members_only
