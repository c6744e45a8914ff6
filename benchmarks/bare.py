"""The floor: the least that any program must do, in a process of its own. `python -m benchmarks.bare WHAT …`."""

import sys
from collections.abc import Callable


def publish(instance: str, token: str, posts: str) -> None:
    """Publish so many texts of the same kind, one after the other, with Mastodon.py and nothing else."""
    from mastodon import Mastodon

    api = Mastodon(access_token=token, api_base_url=instance, ratelimit_method="throw")
    for number in range(int(posts)):
        api.status_post(f"Post {number}\n\nWhat post {number} is about.\n\nhttps://news.example/{number}/\n\n#news")


def get(url: str, times: str) -> None:
    """Ask for the same page again and again over one connection, and say what that took: seconds of the processor."""
    import time

    import httpx

    with httpx.Client(trust_env=False) as client:
        client.get(url)
        began = time.process_time()
        for _ in range(int(times)):
            client.get(url).raise_for_status()
        print(time.process_time() - began)


ALL: dict[str, Callable[..., None]] = {"publish": publish, "get": get}

if __name__ == "__main__":
    ALL[sys.argv[1]](*sys.argv[2:])
