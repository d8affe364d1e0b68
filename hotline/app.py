"""The web application: the doors' routes and what a load balancer asks."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hotline.house import House
from telephony.routes import routes as phone_routes
from tools.database import DatabaseUnavailable
from tools.seed import demo_bookings
from web_demo.server.calls import calls_routes
from web_demo.server.page import Page
from web_demo.server.routes import routes as browser_routes


def application(house: House) -> Starlette:
    """The hotline as one ASGI application."""

    async def alive(_: Request) -> Response:
        """The process runs."""
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        """New calls may come: the database answers and we are not draining."""
        if not house.door.live.accepting:
            return JSONResponse({"status": "draining"}, status_code=503)
        try:
            await house.database.check()
        except DatabaseUnavailable:
            return JSONResponse({"status": "no database"}, status_code=503)
        return JSONResponse({"status": "ok", "calls": len(house.door.live) + len(house.browser)})

    async def document(request: Request) -> Response:
        """What a link in a text message leads to."""
        path = request.path_params
        found = await house.shelf.take(path["ticket"], path["name"]) if house.shelf else None
        if found is None:
            return PlainTextResponse("This link is not valid, or not any more.", 404)
        headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
        return Response(found.content, media_type=found.media_type, headers=headers)

    bookings = demo_bookings if house.database.embedded else None
    return Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/readyz", ready),
            Route("/documents/{ticket}/{name}", document),
            *phone_routes(house.door),
            *browser_routes(house.browser, Page(), calls_routes(house.calls), bookings),
        ]
    )
