# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers on loopback that let nobody in without a certificate: nginx, Mosquitto, OpenVPN, ThingsBoard.

They know the root of the clients' CA only: the intermediate has to come from the client.
"""

import contextlib
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading

from run import NGINX, answers, check, free_port
from session import die_with_parent, wait_until

HERE = pathlib.Path(__file__).resolve().parent

SITE = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    include tls.conf;
    location / {{
      return 200 "hello\\n";
    }}
  }}
}}
"""

MOSQUITTO = """
user {user}
log_type all
log_dest file {folder}/mosquitto.log
listener {port} 127.0.0.1
cafile {cas}
certfile {server}/server.pem
keyfile {server}/server.key
require_certificate true
use_identity_as_username true
"""

BRIDGED = """
user {user}
log_type all
log_dest file {folder}/log
allow_anonymous true
listener {port} 127.0.0.1
include_dir {folder}/conf.d
"""


def find(program):
    """Its path: servers are not on everybody's PATH."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")


class Servers:
    """Key and chain of the server are in a folder, as Authority.make_server() leaves them."""

    def __init__(self, folder, server, root):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.server = server
        self.root = root
        self.user = "root" if os.geteuid() == 0 else "mosquitto"
        self._stack = contextlib.ExitStack()

    def stop(self):
        self._stack.close()

    def spawn(self, *command, **more):
        more.setdefault("stdout", subprocess.DEVNULL)
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,
            **more,
        )
        self._stack.callback(end, process)
        return process

    # HTTPS and WSS

    def start_nginx(self):
        """Returns its port. "/" says hello to the client by its name, "/socket" is a WebSocket."""
        port, socket_port = free_port(), free_port()
        self.spawn("/usr/bin/python3", HERE / "websocket.py", socket_port)
        config = self.folder / "nginx.conf"
        config.write_text(NGINX.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=self.folder,
            port=port,
            socket_port=socket_port,
            server=self.server,
            root=self.root,
        ))
        self.run_nginx(config)
        wait_until(lambda: answers(port) and answers(socket_port), "start of nginx", 20)
        return port

    def run_nginx(self, config):
        folder = config.parent
        return self.spawn(find("nginx"), "-p", folder, "-e", folder / "error.log", "-c", config)

    @contextlib.contextmanager
    def site(self, folder):
        """A web server with tls.conf in the folder, for the time of a test: its port."""
        port = free_port()
        config = folder / "nginx.conf"
        config.write_text(SITE.format(
            user="user root;" if os.geteuid() == 0 else "", folder=folder, port=port
        ))
        words = subprocess.run(
            [find("nginx"), "-t", "-p", folder, "-e", folder / "error.log", "-c", config],
            capture_output=True, text=True, check=False,
        )
        check(words.returncode == 0, words.stderr)
        process = self.run_nginx(config)
        try:
            wait_until(lambda: answers(port), "start of nginx", 20)
            yield port
        finally:
            end(process)

    # MQTT

    def start_mosquitto(self, more_cas=()):
        """Returns its port. The first CA is the client's; self-signed certificates are added to it."""
        port = free_port()
        cas = self.folder / "mosquitto-ca.pem"
        cas.write_text("".join(path.read_text() for path in (self.root, *more_cas)))
        config = self.folder / "mosquitto.conf"
        config.write_text(MOSQUITTO.format(
            user=self.user, folder=self.folder, port=port, cas=cas, server=self.server
        ))
        self.spawn(find("mosquitto"), "-c", config)
        wait_until(lambda: answers(port), "start of mosquitto", 20)
        return port

    @contextlib.contextmanager
    def bridged_broker(self, bridge):
        """A second broker, without TLS, that has the file as its bridge: its port."""
        port = free_port()
        folder = self.folder / f"bridge-{port}"
        (folder / "conf.d").mkdir(parents=True)
        shutil.copy(bridge, folder / "conf.d" / "bridge.conf")
        config = folder / "mosquitto.conf"
        config.write_text(BRIDGED.format(user=self.user, folder=folder, port=port))
        process = self.spawn(find("mosquitto"), "-c", config)
        try:
            wait_until(lambda: process.poll() is not None or answers(port), "start of a broker", 20)
            check(process.poll() is None, (folder / "log").read_text())
            yield port
        finally:
            end(process)

    # OpenVPN

    @contextlib.contextmanager
    def openvpn(self):
        """A server for one client, without a network device: its port and its log."""
        port = free_port()
        log = self.folder / f"openvpn-{port}.log"
        command = [find("openvpn"), "--dev", "null", "--proto", "tcp-server", "--port", port]
        command += ["--local", "127.0.0.1", "--tls-server", "--dh", "none", "--verb", "3"]
        command += ["--ca", self.root, "--cert", self.server / "server.pem"]
        command += ["--key", self.server / "server.key", "--cipher", "AES-256-GCM"]
        with open(log, "wb") as output:
            process = self.spawn(*command, stdout=output)
        try:
            wait_until(lambda: b"Listening for incoming" in log.read_bytes(), "start of openvpn", 20)
            yield port, log
        finally:
            end(process)

    # ThingsBoard's REST interface

    def start_thingsboard(self):
        """Returns a double of it, which knows one device."""
        double = ThingsBoard()
        self._stack.callback(double.stop)
        return double


def end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


class ThingsBoard:
    """What two calls of its interface do with one device, as its documentation describes them."""

    DEVICE = "c5fb3ac0-168d-11ee-87c9-6f157dbc816a"
    CREDENTIALS = "c886a090-168d-11ee-87c9-6f157dbc816a"
    TOKEN = "eyJhbGciOiJub25lIn0.e30."

    def __init__(self):
        self.credentials = {
            "id": {"id": self.CREDENTIALS},
            "createdTime": 1700000000000,
            "deviceId": {"entityType": "DEVICE", "id": self.DEVICE},
            "credentialsType": "ACCESS_TOKEN",
            "credentialsId": "6hmxew8pmmzng4e3une4",
            "credentialsValue": None,
            "version": 1,
        }
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                known = self.path == f"/api/device/{double.DEVICE}/credentials"
                self.answer(200 if known else 404, double.credentials)

            def do_POST(self):
                size = int(self.headers["Content-Length"])
                try:
                    body = json.loads(self.rfile.read(size))
                except ValueError:
                    return self.answer(400, {"message": "not JSON"})
                return self.answer(double.update(self.path, self.headers, body), double.credentials)

            def answer(self, status, body):
                if self.headers["X-Authorization"] != f"Bearer {double.TOKEN}":
                    status = 401
                text = json.dumps(body if status == 200 else {"status": status}, separators=(",", ":"))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_arguments):
                pass

        self._server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def update(self, path, headers, body):
        """The status of what is sent to change the credentials."""
        if headers["X-Authorization"] != f"Bearer {self.TOKEN}":
            return 401
        if path != "/api/device/credentials" or headers["Content-Type"] != "application/json":
            return 404
        if body.get("id") != {"id": self.CREDENTIALS}:
            return 400
        if body.get("deviceId") != {"entityType": "DEVICE", "id": self.DEVICE}:
            return 404
        if body.get("credentialsType") != "X509_CERTIFICATE":
            return 400
        if not re.fullmatch(r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n?",
                            body.get("credentialsValue") or ""):
            return 400
        self.credentials = {**self.credentials, **body}
        return 200

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
