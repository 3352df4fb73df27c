"""The application: routes, pages, own static files; errors become statuses here and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from api import case_routes, files, hold_routes, plain, routes
from api.auth import NotSignedIn, Sessions, TooMany, Visitor
from api.security import came_from, guard, with_headers
from api.web import render, views
from casework.desk import Desk
from casework.handing import Bench
from core import errors

# First match counts: narrower errors stand before wider ones.
STATUSES: tuple[tuple[type[errors.WangxunError], int], ...] = (
    (NotSignedIn, 401),
    (TooMany, 429),
    (errors.BadInput, 400),
    (errors.NotFound, 404),
    (errors.NotAllowed, 403),
    (errors.Conflict, 409),
    (errors.Unavailable, 503),
    (errors.WangxunError, 500),
)
STATIC = Path(__file__).parent / "web" / "static"


def create_app(desk: Desk) -> FastAPI:
    """The officers' site on this desk; the caller closes the desk."""
    # The packaged documentation pages load from other parties' addresses; the description itself is ours.
    app = FastAPI(
        title="网巡",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_life,
    )
    app.state.desk = desk
    app.state.bench = Bench(desk)
    app.state.sessions = Sessions(desk)
    app.middleware("http")(guard)
    app.include_router(routes.router)
    app.include_router(case_routes.router)
    app.include_router(hold_routes.router)
    app.include_router(files.router)
    app.include_router(views.router)
    app.add_api_route("/static/bootstrap.min.css", _bootstrap, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.exception_handler(errors.WangxunError)(_ours)
    app.exception_handler(RequestValidationError)(_malformed)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(Exception)(_broken)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """Exports that an earlier server left are made first; one that is being made ends before the desk closes."""
    bench: Bench = app.state.bench
    await run_in_threadpool(bench.take_up)
    yield
    await run_in_threadpool(bench.close)


def status_of(error: errors.WangxunError) -> int:
    """The status that tells a caller the same as the error's name."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def _bootstrap() -> FileResponse:
    """Bootstrap's own file out of the installed package: nothing is fetched from other parties."""
    file = resources.files("bootstrap").joinpath("css/bootstrap.min.css")
    return FileResponse(Path(str(file)), media_type="text/css", headers={"Cache-Control": "max-age=86400"})


def _ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, errors.WangxunError):
        raise error
    if isinstance(error, NotSignedIn) and not _is_api(request):
        return RedirectResponse(f"/sign-in?next={quote(_wanted(request))}", status_code=303)
    return _answer(request, status_of(error), type(error).__name__, plain.said(error))


def _malformed(request: Request, error: Exception) -> Response:
    """A JSON caller is told field and fault; an officer, whose browser filled the form in, only what helps him."""
    if not isinstance(error, RequestValidationError):
        raise error
    if not _is_api(request):
        return _answer(request, 422, "BadInput", "填写的内容太长或格式不对，请返回修改后重试。")
    parts = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
    return _answer(request, 400, "BadInput", "；".join(parts))


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    words = {404: "没有这个页面，请检查网址。", 405: "这个网址不能这样打开，请从页面上的按钮进入。"}
    return _answer(request, error.status_code, "HttpError", words.get(error.status_code, "请求没有完成。"))


def _broken(request: Request, _: Exception) -> Response:
    """A fault of ours. This answer is made outside the middleware, so it brings the headers itself; the fault is
    logged by the server."""
    answer = _answer(
        request, 500, "InternalError", "系统出错，您填写的内容可能没有保存。请重试，仍不行请告诉管理员。"
    )
    return with_headers(answer)


def _answer(request: Request, status: int, name: str, message: str) -> Response:
    # Whoever asks by program is told when: the store is looked for that often by itself.
    later = {"Retry-After": "30"} if status == 503 else None
    if _is_api(request):
        return JSONResponse({"error": name, "message": message}, status_code=status, headers=later)
    facts = {"message": message, "code": status, "title": plain.title(status), "back": came_from(request)}
    answer = render.page(request, "problem.html", facts, _visitor(request), status)
    answer.headers.update(later or {})
    return answer


def _visitor(request: Request) -> Visitor | None:
    """Whoever is signed in, so that a problem page keeps his way about; nobody when that is the problem."""
    sessions: Sessions = request.app.state.sessions
    try:
        return sessions.read(request)
    except errors.StoreAway:
        return sessions.remembered(request)
    except errors.WangxunError:
        return None


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _wanted(request: Request) -> str:
    """Where to go after signing in: only pages that were asked for, never the target of a form."""
    if request.method != "GET":
        return "/findings"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
