"""The application: paths → functions, each for whom it is for, with the same bounds, headers and errors for all."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.cookies import CookieError, SimpleCookie

from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.crosspost.events import tell
from bot.crosspost.events.process import RequestCrashed
from bot.errors import HowdahError
from bot.web.authenticator import COOKIE
from bot.web.calls import Access, Call, Path, ProcessState
from bot.web.errors import WebError, translated
from bot.web.forgery import check_change
from bot.web.live import Live
from bot.web.proxies import peer_of
from bot.web.responses import failure

# So many requests work at the same time; the others wait. The store's connections are the daemon's first of all.
WORKERS = 8
# So many are waited with; above that, 503.
MOST_AT_ONCE = 64
_LONGEST_ADDRESS = 8_000  # with its query
_MOST_HEADERS = 16_384  # bytes; the server's own bound is on what comes in several pieces
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def build(live_of: Callable[[], Live], *, paths: Iterable[Path], process: ProcessState) -> Starlette:
    """The application. live_of: what the pages show at that moment."""
    crowd = _Crowd()

    @asynccontextmanager
    async def few_workers(_app: Starlette) -> AsyncIterator[None]:
        from anyio.to_thread import current_default_thread_limiter

        current_default_thread_limiter().total_tokens = WORKERS
        yield

    async def unknown(request: Request, error: Exception) -> Response:
        """No such path, or not by this method."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        words = "There is no such page." if status == 404 else "This page doesn't take such a request."
        call = _call(request, b"", live_of(), process)
        following = "See /openapi.json." if call.is_api else "Go to /."
        answer = failure(call, WebError(status, "not_found" if status == 404 else "method", words, following))
        if status == 405:
            answer.headers["Allow"] = _allowed(request)
        return answer

    app = Starlette(
        routes=[
            Route(path.path, _endpoint(path, crowd, live_of=live_of, process=process), methods=[path.method])
            for path in paths
        ],
        middleware=[Middleware(_SecureHeaders)],
        exception_handlers={HTTPException: unknown},
        lifespan=few_workers,
    )
    app.router.redirect_slashes = False  # it would lead to whatever host the request names
    return app


def _allowed(request: Request) -> str:
    """The methods by which a path may be asked for."""
    routes = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for route in routes for method in route.methods}))


class _Crowd:
    """The requests that are in hand; the event loop alone counts them."""

    def __init__(self) -> None:
        self._number = 0

    @contextmanager
    def with_one_more(self, path: Path) -> Iterator[None]:
        """One more, while it is in hand. WebError 503 where there are too many already, but for what never blocks."""
        if self._number >= MOST_AT_ONCE and path.blocks:
            raise WebError(503, "busy", "Too many requests came at once.", "Try again in a moment.", retry_after=1)
        self._number += 1
        try:
            yield
        finally:
            self._number -= 1


def _endpoint(
    path: Path, crowd: _Crowd, *, live_of: Callable[[], Live], process: ProcessState
) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        live = live_of()
        try:
            with crowd.with_one_more(path):
                _check_head(request)
                call = _call(request, await _body(request, path.most_bytes), live, process)
                return await run_in_threadpool(_answer, path, call) if path.blocks else _answer(path, call)
        except WebError as error:
            return failure(_call(request, b"", live, process), error)

    return endpoint


def _answer(path: Path, call: Call) -> Response:
    """What the path's function says, or why it isn't asked."""
    try:
        return path.answer(_admitted(path, call))
    except WebError as error:
        return failure(call, error)
    except HowdahError as error:
        return failure(call, translated(error))
    except Exception:  # noqa: BLE001 - outermost: nobody is shown the insides, and the log is told
        tell(RequestCrashed(method=call.method, path=call.path))
        return failure(call, WebError(500, "crash", "This is a mistake in howdah itself.", "The log says more."))


def _admitted(path: Path, call: Call) -> Call:
    """The call, where it may come in. WebError where it may not."""
    public = path.access is Access.METRICS and call.live.settings.metrics_public
    if path.access is not Access.ANYONE and not public:
        caller = call.process.authenticator.admit(
            call.cookies.get(COOKIE, ""),
            call.headers.get("authorization", ""),
            kept=call.live.settings.read_password(),
            address=call.peer.address,
        )
        call = replace(call, caller=caller)
    check_change(call)
    return call


def _check_head(request: Request) -> None:
    """WebError where the head of the request is too large, or where two of it could be read for one."""
    if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > _LONGEST_ADDRESS:
        raise WebError(414, "too_long", "The address is too long.")
    if sum(len(name) + len(value) for name, value in request.headers.raw) > _MOST_HEADERS:
        raise WebError(431, "too_long", "The headers are too long.")
    if {"content-length", "transfer-encoding"} <= set(request.headers.keys()):
        raise WebError(400, "ambiguous", "The body has two lengths.", "Send Content-Length or Transfer-Encoding.")


async def _body(request: Request, most: int) -> bytes:
    """The whole body. WebError 413 where it is larger; what a client says of its length is believed only for a no."""
    declared = request.headers.get("content-length", "0")
    chunks, size = [], int(declared) if declared.isdecimal() else 0
    if size <= most:
        size = 0
        try:
            async for chunk in request.stream():
                chunks.append(chunk)
                size += len(chunk)
                if size > most:
                    break
        except ClientDisconnect as error:
            raise WebError(400, "cut_off", "The request was cut off.") from error
    if size > most:
        raise WebError(413, "too_large", f"The body is larger than {most} bytes.", "Send less.")
    return b"".join(chunks)


def _call(request: Request, body: bytes, live: Live, process: ProcessState) -> Call:
    headers = {name.lower(): value for name, value in request.headers.items()}
    address = request.client.host if request.client else ""
    return Call(
        method=request.method,
        path=request.url.path,
        names={name: str(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        headers=headers,
        cookies=_cookies(headers.get("cookie", "")),
        body=body,
        peer=peer_of(address, headers, scheme=request.url.scheme, trusted=live.settings.trusted_proxies),
        live=live,
        process=process,
    )


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


class _SecureHeaders:
    """Adds headers to every answer: nothing from elsewhere is loaded, nothing of ours is framed, kept or told on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)
