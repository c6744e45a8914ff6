"""What a page is linked to."""

import pytest

from bot.wordpress.http import Response
from bot.wordpress.page_head import Link, links


def page(*, header: str = "", body: str = "") -> Response:
    """A page of a site."""
    return Response(
        url="https://site.example/uk/", status=200, headers={"link": header} if header else {}, body=body.encode()
    )


def test_headers_name_links() -> None:
    """Several in one header, quoted or not, whatever their order."""
    header = (
        '<https://site.example/uk/wp-json/>; rel="https://api.w.org/", '
        '<https://site.example/uk/wp-json/wp/v2/posts/7>; rel="alternate"; title="JSON, or so"; '
        'type="application/json", <?p=7>; rel=shortlink'
    )

    assert (
        Link(target="https://site.example/uk/wp-json/", rel="https://api.w.org/"),
        Link(target="https://site.example/uk/wp-json/wp/v2/posts/7", rel="alternate", type="application/json"),
        Link(target="https://site.example/uk/?p=7", rel="shortlink"),
    ) == links(page(header=header))


def test_elements_name_links() -> None:
    """Attributes in any order and case, entities decoded, broken ones as far as they go."""
    body = (
        "<!DOCTYPE html><head><LINK HREF='/uk/?rest_route=/&amp;a=b' rel=\"https://api.w.org/\" />"
        "<link rel=shortlink><a href='/no'>no</a><link href='http://[::1' rel=x><link rel='half"
    )

    assert (Link(target="https://site.example/uk/?rest_route=/&a=b", rel="https://api.w.org/"),) == links(
        page(body=body)
    )


def test_a_page_may_have_none() -> None:
    """Nothing found is nothing."""
    assert () == links(page())


@pytest.mark.parametrize("declaration", ["<![bogus x]>", "<![ 1", "<![bogus["])
def test_a_malformed_declaration_ends_the_page(declaration: str) -> None:
    """Python's parser gives up there; what it found before counts."""
    body = f"<link rel=shortlink href=/?p=7>{declaration}<link rel=shortlink href=/?p=8>"

    assert (Link(target="https://site.example/?p=7", rel="shortlink"),) == links(page(body=body))
