"""A loopback Mastodon: the part of its client API that howdah uses, and pages to look at what was published.

with SandboxMastodon(max_characters=500) as instance:
    token = instance.add_account("uk")
    ...
    assert instance.statuses[0].text == "Hello"
"""

from typing import Any, Unpack

from bot.sandbox.mastodon_base import Options, refuse
from bot.sandbox.mastodon_entities import Account
from bot.sandbox.mastodon_media import IMAGE_MATRIX_LIMIT, IMAGE_SIZE_LIMIT, MIME_TYPES
from bot.sandbox.mastodon_oauth import OAuthRoutes
from bot.sandbox.mastodon_pages import front_page, profile_page, status_page
from bot.sandbox.mastodon_statuses import StatusRoutes
from bot.sandbox.messages import Answer, Request, html_answer, json_answer

_API_VERSIONS = (((4, 6), 11), ((4, 5), 7), ((4, 4), 6), ((4, 3), 2))


class SandboxMastodon(OAuthRoutes, StatusRoutes):
    """A small Mastodon in memory; a context manager.

    statuses holds what was published, boosts among them, in order of creation; what is deleted moves to deleted.
    media holds the files, tokens and accounts who is here, requests what was asked.

    Args:
        max_characters, max_media_attachments: the instance's limits.
        version, software: what it says it is; the version also says which endpoints and limits there are.
        idempotency: what a repeated Idempotency-Key does. "1h": the status that is there, for an hour (Mastodon).
            "1h-unlocked": the same, but a request that comes in while the first is delayed makes a second status
            (Mastodon up to 4.5, which has no lock).
            "none": a second status (GoToSocial). "replay-500": 500 (Mastodon 4.6.0 to 4.6.5). "replay-400": 400, also
            after a failure (Pixelfed). "replay-cached": the first answer again, failures too, for six hours (Pleroma).
        statuses_limit: statuses, boosts and edits in 3 hours and account; None for no limit, and no headers.
        media_limit: uploads in 30 minutes and account; None for no limit.
        deletes_limit: deletions in 30 minutes and account; None for no limit. No headers tell of it.
        requests_limit: calls in 5 minutes and token; None for no limit, and no headers.
        media_processing_polls: how often an upload is said to be in processing before it is ready.
        linked: which URLs the content links. "known" as Mastodon: not those of loopback addresses; "all" as others.
        drops: a status with one of these texts in it is answered with 200 and not kept: Mastodon's antispam.
        forbidden_hashtags: a status with one of these (lower case, without #) is refused, as its owner wants it.
        moves_edited: an edited status has another id and url afterwards (snac).
        now: the clock, aware and in UTC.
        on_request: called with each request before it is worked on.
        port: 0 for a free one.
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.route("GET", r"/api/v2/instance/?", self._instance_v2)
        self.route("GET", r"/api/v1/instance/?", self._instance_v1)
        self.route("GET", r"/\.well-known/nodeinfo", self._nodeinfo_links)
        self.route("GET", r"/nodeinfo/2\.0", self._nodeinfo)
        self.route("GET", r"/api/v1/accounts/verify_credentials", self._verify_account)
        self.route("GET", r"/api/v1/accounts/lookup", self._lookup)
        self.route("GET", r"/api/v1/accounts/(\d+)", self._read_account)
        self.route("GET", r"/@([\w.-]+)/(\d+)", self._status_page)
        self.route("GET", r"/@([\w.-]+)/?", self._profile_page)
        self.route("GET", r"/", self._front_page)

    # --- the instance

    def _instance_v2(self, _request: Request) -> Answer:
        number = next((number for release, number in _API_VERSIONS if self.release >= release), None)
        versions = {"api_versions": {"mastodon": number}} if number else {}
        return json_answer(
            {
                "domain": self.entities.domain,
                "title": "A small Mastodon",
                "version": self.version,
                "source_url": "https://github.com/mastodon/mastodon",
                "description": "",
                "usage": {"users": {"active_month": len(self.accounts)}},
                "thumbnail": {"url": f"{self.origin}/thumbnail.png"},
                "languages": ["en"],
                "configuration": self._configuration(),
                "registrations": {"enabled": False, "approval_required": False, "message": None},
                "contact": {"email": "", "account": None},
                "rules": [],
                **versions,
            }
        )

    def _instance_v1(self, _request: Request) -> Answer:
        return json_answer(
            {
                "uri": self.entities.domain,
                "title": "A small Mastodon",
                "short_description": "",
                "description": "",
                "email": "",
                "version": self.version,
                "urls": {"streaming_api": self.origin},
                "stats": {"user_count": len(self.accounts), "status_count": len(self.statuses), "domain_count": 0},
                "thumbnail": f"{self.origin}/thumbnail.png",
                "languages": ["en"],
                "registrations": False,
                "approval_required": False,
                "invites_enabled": False,
                "configuration": self._configuration(),
                "contact_account": None,
                "rules": [],
            }
        )

    def _configuration(self) -> dict[str, Any]:
        media = {
            "supported_mime_types": list(MIME_TYPES),
            "image_size_limit": IMAGE_SIZE_LIMIT,
            "image_matrix_limit": IMAGE_MATRIX_LIMIT,
        }
        if self.release >= (4, 4):
            media["description_limit"] = self.description_limit
        return {
            "urls": {"streaming": self.origin},
            "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
            "statuses": {
                "max_characters": self.max_characters,
                "max_media_attachments": self.max_media_attachments,
                "characters_reserved_per_url": 23,
            },
            "media_attachments": media,
            "polls": {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300},
        }

    def _nodeinfo_links(self, _request: Request) -> Answer:
        rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
        return json_answer({"links": [{"rel": rel, "href": f"{self.origin}/nodeinfo/2.0"}]})

    def _nodeinfo(self, _request: Request) -> Answer:
        return json_answer(
            {
                "version": "2.0",
                "software": {"name": self.software, "version": self.version},
                "protocols": ["activitypub"],
                "services": {"outbound": [], "inbound": []},
                "usage": {"users": {"total": len(self.accounts)}, "localPosts": len(self.statuses)},
                "openRegistrations": False,
                "metadata": {},
            }
        )

    # --- accounts

    def _verify_account(self, request: Request) -> Answer:
        account = self.authorize(request, "profile", "read:accounts")
        source = {"privacy": "public", "sensitive": False, "language": "en", "note": "", "fields": []}
        return json_answer(self.entities.account(account) | {"source": source})

    def _lookup(self, request: Request) -> Answer:
        return json_answer(self.entities.account(self._named(request.param("acct").partition("@")[0])))

    def _read_account(self, _request: Request, account_id: str) -> Answer:
        found = next((account for account in self.accounts.values() if account.id == account_id), None)
        if found is None:
            raise refuse(404, "Record not found")
        return json_answer(self.entities.account(found))

    def _named(self, username: str) -> Account:
        if username not in self.accounts:
            raise refuse(404, "Record not found")
        return self.accounts[username]

    # --- pages

    def _front_page(self, _request: Request) -> Answer:
        return html_answer(front_page(self.accounts.values()))

    def _profile_page(self, _request: Request, username: str) -> Answer:
        account = self._named(username)
        own = [status for status in reversed(self.statuses) if status.account is account]
        return html_answer(profile_page(account, own, self.entities))

    def _status_page(self, _request: Request, username: str, status_id: str) -> Answer:
        status = self.find(status_id)
        if status is None or status.account is not self._named(username):
            raise refuse(404, "Record not found")
        return html_answer(status_page(status, self.entities))
