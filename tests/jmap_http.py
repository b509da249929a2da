"""jmap_http.py - the HTTP/1.1 side of the JMAP server double: connections, requests, answers as they should not be.

    listener = Listener(port, tls, handle, keep_alive, wait)

A thread a connection. handle(request) gives a Reply, or raises Hangup.
"""
import contextlib
import socket
import ssl
import struct
import threading
import urllib.parse

from jmap_faults import Hangup, Reply

REASONS = {200: "OK", 201: "Created", 204: "No Content", 301: "Moved Permanently", 302: "Found", 400: "Bad Request",
           401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 413: "Content Too Large", 429: "Too Many Requests",
           500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
PIECE = 1 << 16
HEAD_MAX = 1 << 16


class TooLong(Exception):
    """The body is longer than what the reader allows."""


class Request:
    """One HTTP request whose head was read."""

    def __init__(self, method, target, headers, rfile, sock):
        self.method, self.target, self.headers, self.rfile, self.sock = method, target, headers, rfile, sock
        self.path, _, query = target.partition("?")
        self.query = {k: v[-1] for k, v in urllib.parse.parse_qs(query, keep_blank_values=True).items()}
        self.chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        self.left = 0 if self.chunked else int(headers.get("content-length") or "0")
        self.expects = headers.get("expect", "").lower() == "100-continue"
        # the server's: what it is, who asks, which JMAP methods it holds
        self.kind, self.user, self.methods, self.json, self.world = "other", None, (), None, None

    def read(self, n):
        """Up to n octets of n that must come."""
        data = self.rfile.read(min(n, PIECE))
        if not data:
            raise Hangup()
        return data

    def pieces(self):
        """The body as it comes."""
        if self.expects:
            self.expects = False
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while self.chunked:
            size = int(self.rfile.readline().split(b";")[0].strip() or b"0", 16)
            if size == 0:
                self.chunked = False
            while size:
                data = self.read(size)
                size -= len(data)
                yield data
            while self.rfile.readline().strip() and not self.chunked:
                pass  # trailers
        while self.left:
            data = self.read(self.left)
            self.left -= len(data)
            yield data

    def body(self, limit):
        out, size = [], 0
        for data in self.pieces():
            size += len(data)
            if size > limit:
                raise TooLong()
            out.append(data)
        return b"".join(out)

    def finished(self):
        return not self.chunked and not self.left


class Connection:
    def __init__(self, listener, sock):
        self.listener, self.sock, self.reset = listener, sock, False

    def run(self):
        try:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.listener.tls:
                self.sock = self.listener.tls.wrap_socket(self.sock, server_side=True)
                self.listener.swap(self, self.sock)
            with self.sock.makefile("rb", PIECE) as rfile:
                while self.one(rfile):
                    pass
        except Hangup as e:
            if e.reset:  # no end of the stream, but RST
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.reset = True
        except (OSError, ValueError):
            pass  # it went away, or speaks no HTTP
        finally:
            self.listener.forget(self)
            self.close()

    def close(self):
        """The end of the stream; what still comes is read for a moment, or the answer would be lost with it."""
        with contextlib.suppress(OSError):
            if not self.reset and not isinstance(self.sock, ssl.SSLSocket):
                self.sock.shutdown(socket.SHUT_WR)
                self.sock.settimeout(0.2)
                for _ in range(256):
                    if not self.sock.recv(PIECE):
                        break
        self.sock.close()

    def one(self, rfile):
        """Serve one request; whether there may be another one."""
        line = rfile.readline(HEAD_MAX)
        if not line.strip():
            return bool(line)
        method, target, _ = line.decode("latin-1").split(" ", 2)
        headers, size = {}, len(line)
        while True:
            line = rfile.readline(HEAD_MAX)
            size += len(line)
            if size > HEAD_MAX:
                self.send(Reply(431, b"", None), "GET", False)
                return False
            if not line.strip():
                break
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        request = Request(method, target, headers, rfile, self.sock)
        reply = self.listener.handle(request)
        more = (not reply.last and self.listener.keep_alive() and request.finished()
                and headers.get("connection", "").lower() != "close")
        return self.send(reply, method, more) and more

    def send(self, reply, method, more):
        """Whether the answer was whole."""
        body, length = reply.body, reply.length
        if isinstance(body, bytes):
            body, length = [body], len(body)
        chunked = length is None and not reply.until_close or reply.chunk_fault is not None
        head = ["HTTP/1.1 %d %s" % (reply.status, REASONS.get(reply.status, "Status"))]
        head += ["%s: %s" % kv for kv in reply.headers.items()]
        if chunked:
            head.append("Transfer-Encoding: chunked")
        elif reply.status != 204 and not reply.until_close:
            head.append("Content-Length: %d" % (length if reply.told_length is None else reply.told_length))
        if not more or reply.until_close:
            head.append("Connection: close")
        data = "\r\n".join(head).encode("latin-1") + b"\r\n" + reply.raw_head + b"\r\n"
        pieces = iter(body)
        first = next(pieces, b"") if not reply.drip and not chunked and reply.cut is None and method != "HEAD" else b""
        self.sock.sendall(data + first)
        if method != "HEAD":
            self.send_body(reply, pieces, chunked)
        return reply.cut is None and reply.chunk_fault is None and reply.told_length is None and not reply.until_close

    def send_body(self, reply, pieces, chunked):
        left = reply.cut
        for piece in pieces:
            if left is not None:
                piece = piece[:left]
                left -= len(piece)
            for part in self.parts(reply, piece):
                if chunked:
                    part = self.chunk(reply, part)
                self.sock.sendall(part)
            if left == 0:
                raise Hangup()
        if chunked and reply.chunk_fault != "end":
            self.sock.sendall(b"0\r\n\r\n")

    def parts(self, reply, piece):
        if not reply.drip:
            if piece:
                yield piece
            return
        n, seconds = reply.drip
        for i in range(0, len(piece), n):
            yield piece[i:i + n]
            self.listener.wait(seconds)

    @staticmethod
    def chunk(reply, part):
        if reply.chunk_fault == "size":
            return b"zz\r\n" + part + b"\r\n"
        if reply.chunk_fault == "huge":
            return b"ffffffffffffffffff\r\n" + part + b"\r\n"
        return b"%x\r\n" % len(part) + part + (b"XX" if reply.chunk_fault == "data" else b"\r\n")


class Listener:
    """tls: [certificate, key] or None. keep_alive(): may a connection have a second request? wait(seconds): for slow
    answers."""

    def __init__(self, port, tls, handle, keep_alive, wait):
        self.handle, self.keep_alive, self.wait = handle, keep_alive, wait
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*tls)
        self.lock, self.connections, self.accepted, self.stopping = threading.Lock(), {}, 0, False
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind(("127.0.0.1", port))
        self.sock.listen(128)
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                sock, _ = self.sock.accept()
            except OSError:
                return
            c = Connection(self, sock)
            with self.lock:
                if self.stopping:
                    sock.close()
                    return
                self.accepted += 1
                self.connections[c] = sock
            threading.Thread(target=c.run, daemon=True).start()

    def swap(self, connection, sock):
        with self.lock:
            self.connections[connection] = sock

    def forget(self, connection):
        with self.lock:
            self.connections.pop(connection, None)

    def drop(self):
        """End all connections."""
        with self.lock:
            socks = list(self.connections.values())
        for s in socks:
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)

    def stop(self):
        with self.lock:
            self.stopping = True
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self.drop()
