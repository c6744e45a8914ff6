"""Idempotency keys: one for each life of a share, the same wherever it is computed."""

from hashlib import sha256

from bot.domain.models import Share


def idempotency_key(share: Share, *, instance: str) -> str:
    """The key under which this share is published next, as 64 hexadecimal digits.

    It follows from what is shared where, from when the share was made and from the number of publishes begun before,
    so that a store restored from a backup comes to the same key again, and the server, within its hour, to the same
    status. A new life (after a definite refusal) begins after one more publish, hence with another key. The account's
    instance and name are in it because some servers keep one table of keys for all their users; the link and the
    instant, because another store may have a site of the same name with a post of the same id.
    """
    made = share.created_at.replace(microsecond=share.created_at.microsecond // 1000 * 1000)  # as the store keeps it
    parts = (
        instance,
        share.account,
        share.site,
        share.post_id,
        share.link,
        share.number,
        made.isoformat(),
        share.attempts,
    )
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()
