"""Figures for operators, in Prometheus' text format."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "summit_requests_total", "Requests answered.", ["method", "status"], registry=self.registry
        )
        self.seconds = Histogram("summit_request_seconds", "Time to answer, in seconds.", registry=self.registry)
        self._of_status: dict[tuple[str, int], Counter] = {}
        self.sockets = Gauge("summit_sockets", "Open live sockets.", registry=self.registry)

    def count(self, method: str, status: int, seconds: float) -> None:
        """Counts one answer."""
        counter = self._of_status.get((method, status))
        if counter is None:
            counter = self._of_status[method, status] = self.requests.labels(method, str(status))
        counter.inc()
        self.seconds.observe(seconds)

    async def page(self, request: Request) -> Response:
        """Answers `/metrics`."""
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)


class Measure:
    """Counts and times each request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.metrics.count(scope["method"], message["status"], time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, watch)
