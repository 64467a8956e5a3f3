"""The query page, and the headers that pages are sent with."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import FileResponse, Response

STATIC = Path(__file__).resolve().parent / "static"
SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-cache"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def editor() -> Response:
    """YASGUI, set to this endpoint. It asks nothing of any other server."""
    headers = {**SAFE, "content-security-policy": _POLICY, "vary": "accept"}
    return FileResponse(STATIC / "query.html", media_type="text/html", headers=headers)
