# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that no real program would be: each is what happens on one connection.

They stand beside nginx and mosquitto for what those never do: say nothing, hang
up half-way, send garbage, or never come to an end.
"""

import contextlib
import re
import socket
import ssl
import struct
import threading

ALERT, HANDSHAKE = 21, 22
CERTIFICATE = 11
FATAL = 2
LONG = 60  # seconds: longer than whoever waits for an answer


class RawServer:
    """Listens on loopback and calls handle(connection) in a thread for each."""

    def __init__(self, handle, host="127.0.0.1"):
        self._handle = handle
        self._socket = socket.create_server((host, 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        # Whoever tests hangs up when it knows enough.
        with contextlib.suppress(OSError, ssl.SSLError, EOFError, struct.error), connection:
            connection.settimeout(LONG)
            self._handle(connection)

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class ClosedPort:
    """A port at which nothing listens, and nothing will."""

    def __init__(self):
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def close(self):
        self._socket.close()


class FullPort(ClosedPort):
    """A port that answers nobody: as many wait there as may."""

    def __init__(self):
        super().__init__()
        self._socket.listen(0)
        self._waiting = [socket.socket() for _ in range(4)]
        for waiting in self._waiting:
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", self.port))

    def close(self):
        for waiting in self._waiting:
            waiting.close()
        super().close()


# Before TLS


def read_exactly(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def read_record(connection):
    """One record of TLS: its header and what is in it."""
    head = read_exactly(connection, 5)
    return head, read_exactly(connection, struct.unpack(">H", head[3:])[0])


def wait_for_end(connection):
    """Reads until the other side hangs up: closing before would reset the connection."""
    while connection.recv(65536):
        pass


def alert(number):
    return struct.pack(">BHHBB", ALERT, 0x0303, 2, FATAL, number)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silent(connection):
    wait_for_end(connection)


def says(data):
    """Says something at once, whatever comes."""

    def handle(connection):
        connection.sendall(data)
        wait_for_end(connection)

    return handle


def after_hello(act):
    """Reads the ClientHello, then acts."""

    def handle(connection):
        read_record(connection)
        act(connection)

    return handle


def close(connection):
    connection.shutdown(socket.SHUT_RDWR)


def sends_alert(number):
    def act(connection):
        connection.sendall(alert(number))
        connection.shutdown(socket.SHUT_WR)
        wait_for_end(connection)

    return after_hello(act)


def plain_http(connection):
    """As a web server answers to what is no HTTP."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    connection.shutdown(socket.SHUT_WR)
    wait_for_end(connection)


def after_server_hello(context, act):
    """Sends the ServerHello alone, then acts."""

    def handle(connection):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        head, body = read_record(connection)
        incoming.write(head + body)
        with contextlib.suppress(ssl.SSLWantReadError):
            tls.do_handshake()
        flight = outgoing.read()
        connection.sendall(flight[: 5 + struct.unpack(">H", flight[3:5])[0]])
        act(connection)

    return handle


# Within the handshake


def has_certificate(record):
    """Whether a record of TLS 1.2 begins with a Certificate that is not empty."""
    head, body = record
    return head[0] == HANDSHAKE and body[0] == CERTIFICATE and any(body[4:7])


class Relay:
    """A TLS 1.2 server of Python's between the lines of which can be read."""

    def __init__(self, context, connection):
        self._connection = connection
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def flush(self):
        self._connection.sendall(self._outgoing.read())

    def handshake(self, refuse):
        """Goes through it; refuse(record) may end it by returning True."""
        while True:
            try:
                self.tls.do_handshake()
                self.flush()
                return True
            except ssl.SSLWantReadError:
                self.flush()
            record = read_record(self._connection)
            if refuse(record):
                return False
            self._incoming.write(b"".join(record))

    def answer(self, data):
        while True:
            try:
                self.tls.read(65536)
                break
            except ssl.SSLWantReadError:
                self._incoming.write(b"".join(read_record(self._connection)))
        self.tls.write(data)
        self.flush()


def refuses_certificate(context, number):
    """In TLS 1.2: takes whoever has no certificate, and answers one with an alert, or a reset."""

    def handle(connection):
        relay = Relay(context, connection)
        if relay.handshake(has_certificate):
            relay.answer(OK)
        elif number is None:
            reset(connection)
            return
        else:
            connection.sendall(alert(number))
        connection.shutdown(socket.SHUT_WR)
        wait_for_end(connection)

    return handle


# After the handshake

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"


def over_tls(context, act):
    """Takes the connection as far as TLS goes, then acts."""

    def handle(connection):
        with context.wrap_socket(connection, server_side=True) as tls:
            act(tls)

    return handle


def read_request(tls):
    data = b""
    while b"\r\n\r\n" not in data:
        part = tls.recv(65536)
        if not part:
            raise EOFError
        data += part
    return data


def answers(data):
    """Answers a request of HTTP, then waits for the end."""

    def act(tls):
        read_request(tls)
        tls.sendall(data)
        tls.unwrap()

    return act


def answers_and_waits(data):
    def act(tls):
        read_request(tls)
        tls.sendall(data)
        wait_for_end(tls)

    return act


def hangs_up(tls):
    read_request(tls)
    tls.unwrap()


def endless(start, more):
    """Never stops sending."""

    def act(tls):
        read_request(tls)
        tls.sendall(start)
        while True:
            tls.sendall(more)

    return act


# MQTT 3.1.1: the first two bytes of what is used of it

CONNACK, PUBLISH, PUBACK = b"\x20\x02\x00", 0x30, b"\x40\x02"


def read_packet(tls):
    kind = read_exactly(tls, 1)[0]
    size = shift = 0
    while True:
        byte = read_exactly(tls, 1)[0]
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return kind, read_exactly(tls, size)


def connack(code):
    """A broker that answers CONNECT with that code, and confirms nothing."""

    def act(tls):
        read_packet(tls)
        tls.sendall(CONNACK + bytes([code]))
        wait_for_end(tls)

    return act


def mqtt_closes(tls):
    read_packet(tls)
    tls.unwrap()


def mqtt_closes_at_publish(tls):
    read_packet(tls)
    tls.sendall(CONNACK + b"\x00")
    kind = PUBLISH - 1
    while kind & 0xF0 != PUBLISH:
        kind, _ = read_packet(tls)
    tls.unwrap()


# Proxies


def relay(first, second):
    def copy(source, target):
        with contextlib.suppress(OSError):
            while True:
                data = source.recv(65536)
                if not data:
                    break
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=copy, args=(first, second), daemon=True)
    thread.start()
    copy(second, first)
    thread.join()


def proxy(connection):
    """An HTTP proxy that does CONNECT, to loopback."""
    request = read_request(connection)
    port = int(re.match(rb"CONNECT \S+:(\d+) ", request).group(1))
    with socket.create_connection(("127.0.0.1", port)) as target:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        relay(connection, target)


def proxy_that_says(status):
    def handle(connection):
        read_request(connection)
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        wait_for_end(connection)

    return handle


class Recorder:
    """Passes everything on to a port of loopback, and keeps what was sent either way."""

    def __init__(self, port):
        self._target = port
        self._lock = threading.Lock()
        self.data = bytearray()
        self._server = RawServer(self._handle)
        self.port = self._server.port

    def _handle(self, connection):
        with socket.create_connection(("127.0.0.1", self._target)) as target:
            relay(_Tee(connection, self), target)

    def keep(self, data):
        with self._lock:
            self.data += data

    def close(self):
        self._server.close()


class _Tee:
    """A connection whose every byte the recorder gets too."""

    def __init__(self, connection, recorder):
        self._connection = connection
        self._recorder = recorder

    def recv(self, size):
        data = self._connection.recv(size)
        self._recorder.keep(data)
        return data

    def sendall(self, data):
        self._recorder.keep(data)
        self._connection.sendall(data)

    def shutdown(self, how):
        self._connection.shutdown(how)
