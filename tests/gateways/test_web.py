"""A document of somebody else's: small, at once, and only from where it was asked."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sestui.domain.errors import Trouble
from sestui.gateways.ports import GatewayError
from sestui.gateways.web import MOST_BYTES, read_document
from sestui.practice.serving import ServeLoop


class Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        match self.path:
            case "/settings":
                self.answer(200, b'{"providerName": "Example DNS"}')
            case "/large":
                self.answer(200, b"x" * (MOST_BYTES + 5))
            case "/moved":
                self.answer(302, b"", Location="/settings")
            case _:
                self.answer(404, b"")

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    loop = ServeLoop(server)
    thread = threading.Thread(target=loop.run)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    loop.end()
    thread.join()
    server.server_close()


async def test_a_document_is_read(site):
    assert await read_document(f"{site}/settings") == b'{"providerName": "Example DNS"}'


async def test_not_more_than_is_bearable(site):
    assert len(await read_document(f"{site}/large")) == MOST_BYTES


@pytest.mark.parametrize("path", ["moved", "nowhere"])
async def test_redirects_and_errors_are_refusals(site, path):
    with pytest.raises(GatewayError) as caught:
        await read_document(f"{site}/{path}")
    assert caught.value.trouble is Trouble.REFUSED


async def test_a_silent_place_is_the_network():
    with pytest.raises(GatewayError) as caught:
        await read_document("http://127.0.0.1:1/settings")
    assert caught.value.trouble is Trouble.NETWORK
