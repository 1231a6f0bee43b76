"""A server in a thread that ends when it is told to."""

import socket
import socketserver
import threading

import pytest

from sestui.practice.serving import ServeLoop


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.readline())


@pytest.fixture
def server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        yield server


def ask(server) -> bytes:
    with socket.create_connection(server.server_address, 10) as client:
        client.sendall(b"hello\n")
        return client.makefile("rb").readline()


def test_it_serves_one_after_another_until_the_end(server):
    loop = ServeLoop(server)
    thread = threading.Thread(target=loop.run)
    thread.start()
    assert [ask(server), ask(server)] == [b"hello\n"] * 2
    loop.end()
    loop.end()
    thread.join(20)
    assert not thread.is_alive()


def test_a_client_that_is_gone_before_it_is_served_holds_up_nobody(server):
    socket.create_connection(server.server_address, 10).close()
    loop = ServeLoop(server)
    thread = threading.Thread(target=loop.run)
    thread.start()
    assert ask(server) == b"hello\n"
    loop.end()
    thread.join(20)
    assert not thread.is_alive()


def test_an_end_before_the_beginning(server):
    loop = ServeLoop(server)
    loop.end()
    loop.run()
    with socket.create_connection(server.server_address, 10) as client:
        client.settimeout(0.05)
        with pytest.raises(TimeoutError):
            client.recv(1)
