"""The records of the sandbox's WordPress: what a post shows, whole and in part."""

from datetime import timedelta
from typing import Any

from bot.sandbox.images import png
from tests.sandbox.wordpress import EditableWordPress
from tests.unit.sandbox.client import HandClock, get

# --- fields and embeds


def test_fields(site: EditableWordPress) -> None:
    """Only what is asked for is there, nested names too."""
    site.publish(title="One", excerpt="Text")

    assert [{"id": 1, "title": {"rendered": "One"}}] == get(site, "_fields=id,title.rendered").json()
    assert [{"id": 1}] == get(site, "_fields[]=id").json()
    assert {"excerpt": {"protected": False}} == get(site, "_fields=excerpt.protected", "posts/1").json()
    assert [{"id": 1, "title": []}] == get(site, "_fields=id.x,title.nope").json()
    assert 20 < len(get(site, "_fields=").json()[0])


def test_an_unknown_field_leaves_an_empty_list(site: EditableWordPress) -> None:
    """PHP's empty array is a list."""
    site.publish(title="One")

    assert [[]] == get(site, "_fields=nope").json()


def test_a_parent_and_its_child_drop_the_rest(site: EditableWordPress) -> None:
    """After `title,title.rendered` nothing more of the list counts."""
    site.publish(title="One")

    assert [{"title": {"rendered": "One"}}] == get(site, "_fields=title,title.rendered,link").json()
    assert {"title", "link"} == set(get(site, "_fields=title.rendered,title,link").json()[0])


def test_links_by_their_number(site: EditableWordPress) -> None:
    """A list's items have numbers for names."""
    site.publish(title="One", tags=["a", "b"])

    assert [{"tags": [3]}] == get(site, "_fields=tags.1").json()


def test_embeds(site: EditableWordPress) -> None:
    """Image, terms and author are embedded; terms as a list for each taxonomy."""
    site.publish(title="One", tags=["Sea & sand"], author="Ada", image=(png(400, 200), "A <b>wave</b>"))

    embedded = get(site, "_embed=1").json()[0]["_embedded"]

    assert {"author", "wp:featuredmedia", "wp:term"} == set(embedded)
    assert "Ada" == embedded["author"][0]["name"]
    assert [["Uncategorized"], ["Sea & sand"]] == [[term["name"] for term in group] for group in embedded["wp:term"]]
    (media,) = embedded["wp:featuredmedia"]
    assert ("image", "image/png", "A <b>wave</b>") == (media["media_type"], media["mime_type"], media["alt_text"])
    assert {"medium": 300, "thumbnail": 150, "full": 400} == {
        name: size["width"] for name, size in media["media_details"]["sizes"].items()
    }


def test_embeds_of_filtered_records(site: EditableWordPress) -> None:
    """In a list, only linked relations are embedded, and only where `_embedded` is asked for too."""
    site.publish(title="One", tags=["Sea"], image=(png(), ""))
    asked = "_embed=wp:featuredmedia,wp:term"

    with_image = get(site, f"{asked}&_fields=id,_links.wp:featuredmedia,_embedded").json()[0]

    assert {"id", "_links", "_embedded"} == set(with_image)
    assert {"wp:featuredmedia"} == set(with_image["_links"]) == set(with_image["_embedded"])
    assert [{"id": 1}] == get(site, f"{asked}&_fields=id").json()
    assert {"id", "_links"} == set(get(site, f"{asked}&_fields=id,_links").json()[0])


def test_a_record_without_the_link_has_an_empty_list_of_links(site: EditableWordPress) -> None:
    """`_links` filtered to nothing is PHP's empty array, and nothing is embedded."""
    site.publish(title="One")

    rows = get(site, "_embed=wp:featuredmedia&_fields=id,_links.wp:featuredmedia,_embedded").json()

    assert [{"id": 1, "_links": []}] == rows


def test_a_single_record_has_all_its_links(site: EditableWordPress) -> None:
    """A single GET gets its links after the filter."""
    site.publish(title="One", image=(png(), ""))

    record = get(site, "_embed=wp:term&_fields=id,_links.wp:term,_embedded", "posts/1").json()

    assert {"id", "_links", "_embedded"} == set(record)
    assert {"self", "wp:term", "wp:featuredmedia"} < set(record["_links"])
    assert {"wp:term"} == set(record["_embedded"])


def _image(site: EditableWordPress) -> Any:
    return get(site, "_embed", "posts/1").json()["_embedded"].get("wp:featuredmedia")


def test_an_image_that_is_gone(clock: HandClock) -> None:
    """Before 7.0 the embed is the whole index, or an error where it isn't public; later there is no link."""
    with EditableWordPress(now=clock, version="6.8.8") as old, EditableWordPress(now=clock) as new:
        for site in (old, new):
            site.publish(title="One", image=(png(), ""))
            site.hide_media(2)
        hidden = [_image(old)[0]["code"], _image(new)]
        for site in (old, new):
            site.delete_media(2)
        gone = [_image(old)[0]["namespaces"][1], _image(new)]

        assert ["rest_forbidden", None] == hidden
        assert ["wp/v2", None] == gone
        assert 2 == get(new, route="posts/1").json()["featured_media"]


def test_an_author_that_is_gone(site: EditableWordPress) -> None:
    """The embed is an error."""
    site.publish(title="One", author="Ada")
    del site.authors[2]

    assert "rest_user_invalid_id" == get(site, "_embed", "posts/1").json()["_embedded"]["author"][0]["code"]


def test_raw_overrides(site: EditableWordPress) -> None:
    """A record's fields and embeds can be anything."""
    site.publish(title="One", raw={"class_list": {"0": "post"}, "_embedded": {"author": []}})

    record = get(site, "_embed", "posts/1").json()

    assert ({"0": "post"}, {"author": []}) == (record["class_list"], record["_embedded"])


# --- single records and routes


def test_a_full_record(site: EditableWordPress) -> None:
    """A record has the fields of the real one, in its order."""
    site.publish(title='"Fish" & chips -- it\'s...', excerpt="Short", tags=["Sea"], image=(png(), ""))

    record = get(site, route="posts/1").json()

    assert "&#8220;Fish&#8221; &#038; chips &#8212; it&#8217;s&#8230;" == record["title"]["rendered"]
    assert {"rendered": "<p>Short</p>\n", "protected": False} == record["excerpt"]
    assert f"{site.url}/2026/06/fish-chips-its/" == record["link"] == record["guid"]["rendered"] == site.link(1)
    assert ("2026-06-01T12:00:00", "2026-06-01T10:00:00") == (record["date"], record["date_gmt"])
    assert {"footnotes": ""} == record["meta"]
    assert record["class_list"][4:] == [
        "format-standard",
        "has-post-thumbnail",
        "hentry",
        "category-uncategorized",
        "tag-sea",
    ]
    assert "share_on_mastodon" not in record
    assert record == site.record(1)


def test_the_plugins_field() -> None:
    """With Share on Mastodon each record says whether it was shared."""
    with EditableWordPress(plugin=True) as site:
        site.publish(title="One")
        site.publish(title="Two", share_on_mastodon={"url": "https://instance.example/@uk/1", "error": ""})

        assert {"url": "", "error": ""} == get(site, route="posts/1").json()["share_on_mastodon"]
        assert "https://instance.example/@uk/1" == get(site, route="posts/2").json()["share_on_mastodon"]["url"]
        old = site.publish(title="Three", date=site.now() - timedelta(hours=1))
        boxes = [get(site, route=f"posts/{number}").json()["meta"]["_share_on_mastodon"] for number in (1, old)]
        assert ["1", "0"] == boxes


def test_what_plugins_add(site: EditableWordPress) -> None:
    """Polylang's language, what the author wrote for the status, and the point that matters in an image."""
    number = site.publish(
        title="Hello",
        lang="de",
        share_text="Mine: %permalink%",
        share_cw="Heights",
        image=(png(), "alt"),
        caption="A kite",
        focal_point=(0.25, 0.5),
    )
    plain = site.publish(title="Plain", image=(png(), "alt"))

    record, other = (site.record(one) for one in (number, plain))
    asked = "_embed=wp:featuredmedia&orderby=id&order=asc"
    image, without = (post["_embedded"]["wp:featuredmedia"][0] for post in get(site, asked).json())

    assert ("de", "Mine: %permalink%", "Heights") == (
        record["lang"],
        record["meta"]["_share_on_mastodon_status"],
        record["meta"]["_share_on_mastodon_cw"],
    )
    assert ({"x": 0.25, "y": 0.5}, "<p>A kite</p>\n") == (image["focal_point"], image["caption"]["rendered"])
    assert "lang" not in other
    assert {"footnotes": ""} == other["meta"]
    assert ("", False) == (without["caption"]["rendered"], "focal_point" in without)
