"""The sandbox as a WSGI application: every dialect, the offers' pages, and the controls, on one port."""

import hashlib
import logging
import mimetypes
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from sandbox.control import Control
from sandbox.dialects.alibaba_oauth import AuthorizePage
from sandbox.dialects.alibaba_open import AlibabaOpen
from sandbox.dialects.dialect import Dialect, check_fault
from sandbox.dialects.image_search_md5 import ImageSearchMd5
from sandbox.dialects.onebound import Onebound
from sandbox.dialects.tmapi import Tmapi
from sandbox.marketplace import Marketplace
from sandbox.pages import home_page, not_found_page, offer_page
from sandbox.web import Reply, Request, Unanswered, html_reply, json_reply, request_from_environ

# The one list of the protocols that it speaks.
DIALECTS: tuple[type[Dialect], ...] = (ImageSearchMd5, AlibabaOpen, Tmapi, Onebound)
PICTURES_KEPT_SECONDS = 24 * 3600

logger = logging.getLogger("sandbox")


class Application:
    """WSGI callable over one marketplace. Raises UnknownFaultError if a fault planned there has no meaning."""

    def __init__(self, marketplace: Marketplace) -> None:
        self.marketplace = marketplace
        self._dialects = [dialect(marketplace) for dialect in DIALECTS]
        self._authorize_page = AuthorizePage(marketplace)
        self._control = Control(marketplace, self._dialects)
        for fault in marketplace.faults.planned():
            check_fault(fault, self._dialects)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = request_from_environ(environ, self.marketplace.clock())
        reply = self._answer(request)
        length = len(reply.body) if reply.declared_length is None else reply.declared_length
        start_response(
            reply.status_line,
            [
                ("Content-Type", reply.content_type),
                ("Content-Length", str(length)),
                ("X-Content-Type-Options", "nosniff"),
                *reply.headers,
            ],
        )
        return [b"" if request.method == "HEAD" else reply.body]

    def _answer(self, request: Request) -> Reply:
        try:
            for dialect in self._dialects:
                if dialect.handles(request.path):
                    return dialect.answer(request)
            if self._control.handles(request.path):
                return self._control.answer(request)
            if self._authorize_page.handles(request.path):
                return self._authorize_page.answer(request)
            return self._page(request)
        except Unanswered:
            raise
        except Exception:  # the outermost door: the server goes on, whatever one request does
            logger.exception("%s %s failed", request.method, request.path)
            return json_reply({"error": "the sandbox itself failed; its log says why"}, 500)

    def _page(self, request: Request) -> Reply:
        if request.method not in ("GET", "HEAD"):
            return json_reply({"error": "method not allowed"}, 405).with_header("Allow", "GET, HEAD")
        catalogue = self.marketplace.catalogue
        name = request.path.lstrip("/")
        if name in catalogue.files:
            return self._picture(request, name)
        offer = catalogue.offers_by_id.get(name.removeprefix("offer/").removesuffix(".html"))
        if offer is not None and name == f"offer/{offer.offer_id}.html":
            return html_reply(offer_page(offer))
        if not name:
            return html_reply(home_page(self.marketplace, request.base_url, self._dialects))
        if name == "healthz":
            return json_reply({"status": "ok", "offers": len(catalogue.offers)})
        return html_reply(not_found_page(), 404)

    def _picture(self, request: Request, name: str) -> Reply:
        data = self.marketplace.catalogue.files[name].read_bytes()
        tag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        unchanged = tag in request.headers.get("if-none-match", "")
        reply = Reply(b"", 304, kind) if unchanged else Reply(data, 200, kind)
        lifetime = f"public, max-age={PICTURES_KEPT_SECONDS}"
        return reply.with_header("Cache-Control", lifetime).with_header("ETag", tag)
