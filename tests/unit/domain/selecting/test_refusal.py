"""Which posts are refused, whatever the filters say."""

import pytest
from msgspec.structs import replace

from bot.domain.models import Post, Term
from bot.domain.policy import Filters
from bot.domain.selecting.filters import UndecidedError
from bot.domain.selecting.plan import refusal
from tests.makers import site_policy

SOON = 0.02


class TestRefusal:
    """Why a post that was read isn't shared after all."""

    POST = Post(
        id=7,
        link="https://news.example/7/",
        title="Sport &amp; more",
        author="Ann Lee",
        author_slug="ann",
        content="<p>Six <b>and</b> six &amp; more</p>",
        categories=(Term(name="News &amp; Views", slug="news-views"),),
        tags=(Term(name="python", slug="python"),),
    )

    def reason(self, post: Post | None = None, **filters) -> str:
        """The refusal under these filters."""
        return refusal(site_policy(filters=Filters(**filters)), post or self.POST, account="uk")

    def test_nothing_speaks_against_an_ordinary_post(self):
        """No filter, public, open."""
        assert "" == self.reason()

    def test_unpublished(self):
        """Whatever isn't published isn't shared."""
        assert "not public: its status is 'draft'" == self.reason(replace(self.POST, status="draft"))

    def test_protected(self):
        """Password-protected posts are listed by WordPress; nothing of them is ever shared."""
        assert "protected by a password" == self.reason(replace(self.POST, protected=True))

    @pytest.mark.parametrize(
        ("language", "reason"),
        [
            ("de", ""),
            ("de-AT", ""),
            ("PT-br", ""),
            ("pt", "excluded: in 'pt', none of those wanted (languages)"),
            ("den", "excluded: in 'den', none of those wanted (languages)"),
        ],
    )
    def test_languages(self, language, reason):
        """A language means its regional forms too; a regional form means itself."""
        assert reason == self.reason(replace(self.POST, language=language), languages=("de", "pt-BR"))

    def test_for_members(self):
        """What a site sells or keeps for its members stays there."""
        assert "for members only, as the site says" == self.reason(replace(self.POST, members_only=True))

    @pytest.mark.parametrize("name", ["guest-one", "Second"])
    def test_co_authors(self, name):
        """Each of them counts."""
        coauthors = (Term(name="Guest One", slug="guest-one"), Term(name="Second", slug="second"))

        assert "" == self.reason(replace(self.POST, coauthors=coauthors), authors=(name,))

    @pytest.mark.parametrize(
        ("filters", "reason"),
        [
            ({"categories": ("News & Views",)}, ""),
            ({"categories": ("NEWS-views",)}, ""),
            ({"categories": ("Sport",)}, "excluded: in none of the wanted categories (categories)"),
            ({"tags": ("Python",)}, ""),
            ({"tags": ("rust",)}, "excluded: has none of the wanted tags (tags)"),
            ({"exclude_categories": ("sport",)}, ""),
            (
                {"exclude_categories": ("news-views",)},
                "excluded: in category 'News & Views' (exclude_categories)",
            ),
            ({"exclude_tags": ("python",)}, "excluded: has tag 'python' (exclude_tags)"),
            ({"authors": ("ann",)}, ""),
            ({"authors": ("Bob",)}, "excluded: its author 'Ann Lee' is none of those wanted (authors)"),
            ({"exclude_title": "^Sport & "}, "excluded: the title matches exclude_title = '^Sport & '"),
            ({"exclude_title": "^More"}, ""),
            ({"title": "^Sport & more$"}, ""),
            ({"title": "^Review:"}, "excluded: the title doesn't match title = '^Review:'"),
            ({"exclude_sticky": True}, ""),
            (
                {"languages": ("de",)},
                "excluded: in a language that the site doesn't tell, none of those wanted (languages)",
            ),
            ({"min_length": 18}, ""),
            ({"min_length": 19}, "excluded: its text has 18 characters, fewer than min_length = 19"),
            (
                {"exclude_tags": ("python",), "exclude_title": "Sport"},
                "excluded: has tag 'python' (exclude_tags)",
            ),
        ],
    )
    def test_filters(self, filters, reason):
        """Filters match names and slugs whatever their case, and say which one it was."""
        assert reason == self.reason(**filters)

    def test_a_sticky_post(self):
        """One that is pinned to the top is left out where that is asked for."""
        sticky = replace(self.POST, sticky=True)

        assert "" == self.reason(sticky)
        assert "excluded: pinned to the top of the site (exclude_sticky)" == self.reason(sticky, exclude_sticky=True)

    def test_length_without_content(self):
        """Where the content wasn't read, the excerpt's characters count; without either there are none."""
        unread = replace(self.POST, content="", excerpt="<p>Short &lt;3</p>")

        assert "" == self.reason(unread, min_length=8)
        assert "its text has 8 characters" in self.reason(unread, min_length=9)
        assert "its text has 0 characters" in self.reason(replace(unread, excerpt=""), min_length=1)

    def test_what_the_site_does_not_give(self):
        """It is taken for nothing: what else is known may refuse the post, else a person decides."""
        unread = replace(self.POST, content="", categories=(), unread=frozenset({"text", "terms"}))

        assert "" == self.reason(unread, title="Sport")
        assert "protected by a password" == self.reason(replace(unread, protected=True), min_length=1)
        assert "excluded: the title matches exclude_title" in self.reason(unread, min_length=1, exclude_title="Sport")
        with pytest.raises(UndecidedError, match=r"don't tell exclude_categories\. `howdah retry`"):
            self.reason(unread, exclude_categories=("Sport",))

    def test_a_hostile_title(self):
        """Only the first 2,000 characters are looked at, so that a pattern's time has a bound."""
        endless = replace(self.POST, title="a" * 3000 + "!")

        assert "" == self.reason(endless, exclude_title="!")
        assert "" == self.reason(endless, title="^a{2000}$")

    @pytest.mark.parametrize("filters", [{"title": r"^(\w|\w\w|\s)*$"}, {"exclude_title": r"^(\w|\w\w|\s)*$"}])
    def test_a_pattern_that_never_ends(self, filters, monkeypatch):
        """It is given up; the sentence names it by its key, and says what to do."""
        monkeypatch.setattr("bot.domain.selecting.filters._LONGEST_SEARCH", SOON)
        headline = replace(self.POST, title="Harbour town builds a lighthouse that can be seen from the islands!")

        with pytest.raises(UndecidedError, match=r"^pattern too slow: (exclude_)?title = .* `howdah retry`"):
            self.reason(headline, **filters)

    @pytest.mark.parametrize(
        ("pattern", "found"),
        [("(?i)SPORT", True), (r"\bmore\b", True), (r"^\S+ & \w+$", True), ("[[:alpha:]]", True)],
    )
    def test_patterns(self, pattern, found):
        """They are searched anywhere in the plain title."""
        assert found == (self.reason(exclude_title=pattern) != "")

    def test_shared_out_among_accounts(self):
        """What an account is only given is asked for beyond the site's filters, and of that account alone."""
        policy = site_policy(filters=Filters(tags=("python",)), only={"ann": Filters(authors=("ann",))})
        by_bob = replace(self.POST, author="Bob", author_slug="bob")
        untagged = replace(self.POST, tags=())

        assert "" == refusal(policy, self.POST, account="ann")
        assert "" == refusal(policy, by_bob, account="uk")
        assert "excluded: has none of the wanted tags (tags)" == refusal(policy, untagged, account="ann")
        assert "excluded: its author 'Bob' is none of those wanted (only.ann.authors)" == refusal(
            policy, by_bob, account="ann"
        )
