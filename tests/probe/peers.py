# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers on loopback that behave in more than forty ways.

nginx, mosquitto, openssl's and Python's, each behaviour with a name and a port:
Peers.ports. behaviours.ini says what a connection test has to find out of each.
"""

import asyncio
import logging
import os
import pathlib
import random
import shutil
import socket
import ssl
import subprocess
import sys
import threading

import raw
from pki import Pki

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "session"))

# pylint: disable=wrong-import-position
from session import die_with_parent, wait_until

SBIN = "/usr/sbin:/usr/bin:/sbin:/bin"

NGINX = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_verify_depth 3;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {servers}
}}
"""

SERVER = """
  server {{
    listen {host}:{port} {listen};
    {certificate}
    {directives}
    location / {{ return 200 "hello $ssl_client_s_dn\\n"; }}
    location /403 {{ return 403; }}
    location /401 {{ return 401; }}
    location /404 {{ return 404; }}
    location /500 {{ return 500; }}
    location /503 {{ return 503; }}
    location /400 {{ return 400; }}
    location /301 {{ return 301 http://127.0.0.1/elsewhere; }}
    location /204 {{ return 204; }}
    location /496 {{ return 496 "none\\n"; }}
    location /socket {{
      proxy_pass http://127.0.0.1:{socket_port};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
    }}
  }}
"""

# Which listener of nginx does what. {root}, {other}… are files of the PKI.
ON = "ssl_verify_client on; ssl_client_certificate {root};"
OTHER = "ssl_verify_client on; ssl_client_certificate {other};"
LISTENERS = {
    "on": {"directives": ON},
    "tls12": {"directives": ON + "ssl_protocols TLSv1.2;"},
    "tls13": {"directives": ON + "ssl_protocols TLSv1.3;"},
    "http2": {"directives": ON, "listen": "ssl http2"},
    "ipv6": {"directives": ON, "host": "[::1]"},
    "optional": {
        "directives": "ssl_verify_client optional; ssl_client_certificate {root};"
        "if ($ssl_client_verify != SUCCESS) {{ return 403; }}"
    },
    "optional-lax": {"directives": "ssl_verify_client optional; ssl_client_certificate {root};"},
    "optional-no-ca": {"directives": "ssl_verify_client optional_no_ca;"},
    "off": {"directives": ""},
    "unknown-ca": {"directives": OTHER},
    "unknown-ca-tls12": {"directives": OTHER + "ssl_protocols TLSv1.2;"},
    "ca-not-named": {"directives": OTHER + "ssl_trusted_certificate {root};"},
    "many-cas": {"directives": "ssl_verify_client on; ssl_client_certificate {all};"},
    "crl": {"directives": ON + "ssl_crl {crls};"},
    "depth": {"directives": ON + "ssl_verify_depth 0;"},
    "pages": {
        "directives": OTHER + "error_page 495 =495 /495; error_page 496 =496 /no;"
        'location /495 {{ return 495 "495\\n"; }} location /no {{ return 496 "496\\n"; }}'
    },
    "ec-ciphers": {
        "directives": "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;",
        "server": "rsa",
    },
    "rsa": {"directives": ON, "server": "rsa"},
    "plain": {"directives": "", "listen": "", "server": None},
    "expired": {"directives": ON, "server": "expired"},
    "future": {"directives": ON, "server": "future"},
    "wrong-host": {"directives": ON, "server": "wrong-host"},
    "cn-only": {"directives": ON, "server": "cn-only"},
    "ip-only": {"directives": ON, "server": "ip-only"},
    "self-signed": {"directives": ON, "server": "self-signed"},
    "alone": {"directives": ON, "server": "alone"},
    "of-reply": {"directives": ON, "server": "of-reply"},
    "of-reply-alone": {"directives": ON, "server": "of-reply-alone"},
    "of-other": {"directives": ON, "server": "of-other"},
    "client-only": {"directives": ON, "server": "client-only"},
}

MQTT_TLS = "certfile {certificate}\nkeyfile {key}\nallow_anonymous {anonymous}\n"
BROKERS = {
    "mqtt": "require_certificate true\nuse_identity_as_username true\ncafile {root}\n",
    "mqtt-tls12": "require_certificate true\nuse_identity_as_username true\ncafile {root}\n"
    "tls_version tlsv1.2\n",
    "mqtt-anonymous": "",
    "mqtt-credentials": "require_certificate false\ncafile {root}\npassword_file {passwords}\n",
    "mqtt-acl": "require_certificate true\nuse_identity_as_username true\ncafile {root}\n"
    "acl_file {acl}\n",
    "mqtt-unknown-ca": "require_certificate true\ncafile {other}\n",
    "mqtt-unknown-ca-tls12": "require_certificate true\ncafile {other}\ntls_version tlsv1.2\n",
    "mqtt-name": "require_certificate true\nuse_identity_as_username true\ncafile {root}\n",
    "mqtt-crl": "require_certificate true\ncafile {root}\ncrlfile {crls}\n",
}
ANONYMOUS = ("mqtt-anonymous", "mqtt-crl")

# Options of openssl s_server, which answers requests itself with -www.
VERIFY = ("-Verify", "3", "-verify_return_error", "-CAfile")
COMMANDS = {
    "s-verify": (*VERIFY, "{root}"),
    "s-verify-tls12": (*VERIFY, "{root}", "-tls1_2"),
    "s-unknown-ca": (*VERIFY, "{other}"),
    "s-unknown-ca-tls12": (*VERIFY, "{other}", "-tls1_2"),
    "s-no-names": ("-Verify", "3", "-verify_return_error", "-chainCAfile", "{root}",
                   "-verifyCAfile", "{root}"),
    "s-no-names-lax": ("-verify", "3"),
    "s-crl": (*VERIFY, "{root}", "-crl_check", "-crl_check_all", "-CRL", "{crls}"),
    "s-crl-tls12": (*VERIFY, "{root}", "-crl_check", "-crl_check_all", "-CRL", "{crls}", "-tls1_2"),
    "s-tls11": ("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"),
    "s-psk": ("-nocert", "-psk", "6162636465666768", "-tls1_2", "-cipher", "PSK"),
    "s-no-curve": ("-groups", "brainpoolP256r1", "-tls1_2"),
    "s-sigalgs": (*VERIFY, "{root}", "-client_sigalgs", "RSA+SHA256", "-tls1_2"),
}  # fmt: skip

# RFC 8446, 6: what a server may say.
ALERTS = {
    "handshake-failure": 40,
    "illegal-parameter": 47,
    "access-denied": 49,
    "decode-error": 50,
    "protocol-version": 70,
    "insufficient-security": 71,
    "internal-error": 80,
    "unrecognized-name": 112,
    "no-application-protocol": 120,
}
# And of our certificate.
REFUSALS = {
    "bad-certificate": 42,
    "unsupported-certificate": 43,
    "certificate-revoked": 44,
    "certificate-expired": 45,
    "certificate-unknown": 46,
    "unknown-ca": 48,
    "access-denied": 49,
    "decrypt-error": 51,
    "certificate-required": 116,
    "handshake-failure": 40,
    "internal-error": 80,
    "reset": None,
}


class Missing(Exception):
    """A program is not installed; the text says which."""


class Ports:
    """Free ports below those that the system gives out by itself."""

    def __init__(self):
        self._taken = set()

    def take(self):
        while True:
            port = random.randrange(10000, 32000)
            if port in self._taken:
                continue
            try:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            self._taken.add(port)
            return port


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
            return True
    except OSError:
        return False


def listens(port, host="127.0.0.1"):
    try:
        with socket.create_connection((host, port), 1):
            return True
    except OSError:
        return False


class Peers:
    """All of them. .ports: name → port. .missing: name → why it is not there."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.pki = Pki(self.folder / "pki")
        self.pki.make_servers()
        self.pki.make_clients()
        self.ports = {}
        self.missing = {}
        self._free = Ports()
        self._processes = []
        self._servers = []
        self._files = {
            "root": self.pki.root.certificate,
            "other": self.pki.other.certificate,
            "all": self.pki.join(
                "all.pem", self.pki.other.certificate, self.pki.server_root.certificate,
                self.pki.root.certificate,
            ),
            "crls": self.pki.crls(),
        }  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        for names, start in (
            (LISTENERS, self.start_nginx),
            (BROKERS, self.start_mosquitto),
            (COMMANDS, self.start_openssl),
        ):
            try:
                start()
            except Missing as reason:
                self.missing.update((name, str(reason)) for name in names)
        self.start_raw()
        self.wait()
        return self

    def stop(self):
        for process in self._processes:
            process.kill()
            process.wait()
        for server in self._servers:
            server.close()

    def _spawn(self, name, command):
        with open(self.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen(
                list(map(str, command)), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, preexec_fn=die_with_parent,
            )  # fmt: skip
        self._processes.append(process)

    def wait(self):
        """Until each one that was started in a process of its own listens."""
        started = [name for name in self.ports if name in {*LISTENERS, *BROKERS, *COMMANDS}]
        for name in started:
            host = "::1" if name == "ipv6" else "127.0.0.1"
            # One of openssl's takes one connection at a time, and this is one.
            wait_until(lambda n=name, h=host: listens(self.ports[n], h), f"start of {name}", 30)

    def log(self, name):
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # nginx

    def start_nginx(self, names=None):
        program = shutil.which("nginx", path=SBIN)
        if not program:
            raise Missing("nginx is not installed")
        names = list(names or LISTENERS)
        if "ipv6" in names and not has_ipv6():
            names.remove("ipv6")
            self.missing["ipv6"] = "there is no IPv6 here"
        socket_port = self._start_websocket()
        text = NGINX.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=self.folder,
            servers="".join(self._listener(name, socket_port) for name in names),
        )
        config = self.folder / "nginx.conf"
        config.write_text(text)
        self._spawn("nginx", [program, "-p", self.folder, "-e", self.folder / "error.log", "-c", config])

    def _listener(self, name, socket_port):
        listener = LISTENERS[name]
        leaf = self.pki.servers.get(listener.get("server", "good"))
        certificate = f"ssl_certificate {leaf.chain}; ssl_certificate_key {leaf.key};" if leaf else ""
        self.ports[name] = self._free.take()
        return SERVER.format(
            host=listener.get("host", "127.0.0.1"),
            port=self.ports[name],
            listen=listener.get("listen", "ssl"),
            certificate=certificate,
            directives=listener["directives"].format(**self._files),
            socket_port=socket_port,
        )

    def _start_websocket(self):
        """Debian's python3-websockets, for nginx to pass upgrades on to; its port."""
        try:
            import websockets  # pylint: disable=import-outside-toplevel

            # Whoever tests hangs up without the words of RFC 6455.
            logging.getLogger("websockets").setLevel(logging.CRITICAL)
        except ImportError:
            self.missing["websocket"] = "python3-websockets is not installed"
            return 9
        listener = socket.create_server(("127.0.0.1", 0))

        async def echo(connection, *_):
            async for message in connection:
                await connection.send(message)

        async def serve():
            async with websockets.serve(echo, sock=listener):
                await asyncio.Future()

        threading.Thread(target=asyncio.run, args=(serve(),), daemon=True).start()
        return listener.getsockname()[1]

    # mosquitto

    def start_mosquitto(self):
        program = shutil.which("mosquitto", path=SBIN)
        if not program:
            raise Missing("mosquitto is not installed")
        acl = self.folder / "acl"
        acl.write_text("user steve@example.com\ntopic write allowed/#\n")
        passwords = self.folder / "passwords"
        passwords.write_text("")
        for path in (acl, passwords):
            path.chmod(0o600)
        files = {**self._files, "acl": acl, "passwords": passwords}
        text = "per_listener_settings true\nlog_type all\n"
        text += f"user {'root' if os.geteuid() == 0 else 'nobody'}\n"
        for name, more in BROKERS.items():
            text += self._broker(name, more, files)
        self.ports["mqtt-plain"] = self._free.take()
        text += f"listener {self.ports['mqtt-plain']} 127.0.0.1\nallow_anonymous true\n"
        config = self.folder / "mosquitto.conf"
        config.write_text(text)
        self._spawn("mosquitto", [program, "-c", config])

    def _broker(self, name, more, files):
        self.ports[name] = self._free.take()
        leaf = self.pki.servers["wrong-host" if name == "mqtt-name" else "good"]
        tls = MQTT_TLS.format(
            certificate=leaf.chain, key=leaf.key, anonymous=str(name in ANONYMOUS).lower()
        )
        return f"listener {self.ports[name]} 127.0.0.1\n{tls}{more.format(**files)}"

    # openssl

    def start_openssl(self):
        leaf = self.pki.servers["good"]
        for name, options in COMMANDS.items():
            self.ports[name] = self._free.take()
            command = ["openssl", "s_server", "-accept", f"127.0.0.1:{self.ports[name]}", "-www"]
            if "-nocert" not in options:
                command += ["-cert", leaf.certificate, "-key", leaf.key, "-cert_chain", leaf.chain]
            command += [option.format(**self._files) for option in options]
            self._spawn(name, command)

    # Python

    def context(self, version=None, mode=ssl.CERT_OPTIONAL):
        """As a server of the good name that asks for a certificate of the client CA's."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf = self.pki.servers["good"]
        context.load_cert_chain(leaf.chain, leaf.key)
        context.verify_mode = mode
        context.load_verify_locations(self.pki.root.certificate)
        if version:
            context.minimum_version = context.maximum_version = version
        return context

    def _add(self, name, handle):
        server = raw.RawServer(handle)
        self.ports[name] = server.port
        self._servers.append(server)

    def start_raw(self):
        self._servers.append(raw.ClosedPort())
        self.ports["closed"] = self._servers[-1].port
        self._servers.append(raw.FullPort())
        self.ports["full"] = self._servers[-1].port
        self._start_before_tls()
        self._start_refusals()
        self._start_http()
        self._start_mqtt()
        self._start_proxies()

    def _start_before_tls(self):
        tls13 = self.context(ssl.TLSVersion.TLSv1_3)
        for name, handle in {
            "silent": raw.silent,
            "plain-http": raw.plain_http,
            "ssh": raw.says(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
            "garbage": raw.says(bytes(range(256)) * 4),
            "reset": raw.reset,
            "close-after-hello": raw.after_hello(raw.close),
            "reset-after-hello": raw.after_hello(raw.reset),
            "silent-after-hello": raw.after_hello(raw.silent),
            "close-after-server-hello": raw.after_server_hello(tls13, raw.close),
            "silent-after-server-hello": raw.after_server_hello(tls13, raw.silent),
        }.items():
            self._add(name, handle)
        for name, number in ALERTS.items():
            self._add(f"alert-{name}", raw.sends_alert(number))

    def _start_refusals(self):
        tls12 = self.context(ssl.TLSVersion.TLSv1_2)
        for name, number in REFUSALS.items():
            self._add(f"refuse-{name}", raw.refuses_certificate(tls12, number))
        required = self.context(ssl.TLSVersion.TLSv1_3, ssl.CERT_REQUIRED)
        self._add("required-tls13", raw.over_tls(required, raw.answers(raw.OK)))

    def _start_http(self):
        context = self.context()
        head = b"HTTP/1.1 200 OK\r\n"
        for name, act in {
            "http-ok": raw.answers(raw.OK),
            "http-silent": raw.wait_for_end,
            "http-hangs-up": raw.hangs_up,
            "http-garbage": raw.answers(b"\x00\x01\x02 no HTTP at all\r\n\r\n"),
            "http-endless-header": raw.endless(head, b"X-More: " + b"x" * 1000 + b"\r\n"),
            "http-endless-body": raw.endless(head + b"\r\n", b"x" * 65536),
            "http-body-stops": raw.answers_and_waits(head + b"Content-Length: 1000\r\n\r\nhalf"),
            "http-header-stops": raw.answers_and_waits(head + b"Content-Le"),
            "websocket-wrong-accept": raw.answers_and_waits(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"
            ),
        }.items():
            self._add(name, raw.over_tls(context, act))
        self._start_bodiless()

    def _start_bodiless(self):
        context = self.context()
        context.num_tickets = 0  # what comes is the header alone
        denied = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\n\r\n"
        events = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
        self._add("http-events", raw.over_tls(context, raw.answers_and_waits(events)))
        self._add("http-no-body", raw.over_tls(context, raw.answers(denied)))
        self._add("http-no-body-stops", raw.over_tls(context, raw.answers_and_waits(denied)))

    def _start_mqtt(self):
        context = self.context()
        for code in range(7):
            self._add(f"connack-{code}", raw.over_tls(context, raw.connack(code)))
        self._add("mqtt-silent", raw.over_tls(context, raw.wait_for_end))
        self._add("mqtt-closes", raw.over_tls(context, raw.mqtt_closes))
        self._add("mqtt-closes-at-publish", raw.over_tls(context, raw.mqtt_closes_at_publish))

    def _start_proxies(self):
        for name, handle in {
            "proxy": raw.proxy,
            "proxy-auth": raw.proxy_that_says(
                b'407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"'
            ),
            "proxy-denied": raw.proxy_that_says(b"403 Forbidden"),
            "proxy-silent": raw.silent,
        }.items():
            self._add(name, handle)


def main(folder):
    """Starts them all, says where, and waits: to look at one by hand."""
    with Peers(folder) as peers:
        peers.start()
        for name, port in peers.ports.items():
            print(f"{name:<28} {port}")
        for name, reason in peers.missing.items():
            print(f"{name:<28} {reason}")
        print(f"PKI in {peers.pki.folder}; Return ends it.", flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main(sys.argv[1])
