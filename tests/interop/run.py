#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judged by real peers: openssl, GnuTLS, an openssl CA, nginx, a Crystal client.

run.py ENROL PLACEOS-CLIENT PROFILE-FOLDER
"""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "session"))

# pylint: disable=wrong-import-position
from authority import Authority, Reply, openssl
from session import die_with_parent, wait_until
from tap import Skip, Tap

KINDS = ("rsa-3072", "ec-p256", "ed25519")

ALT_NAMES = (
    "email:steve@example.com",
    "DNS:device.example.com",
    "DNS:*.example.com",
    "DNS:xn--kche-0ra.example.com",
    "IP Address:192.0.2.7",
    "IP Address:2001:DB8:0:0:0:0:0:7",
    "URI:https://example.com/device/7",
    "steve@corp.example.com",
    "2.999.7",
)

NGINX = """
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
    ssl_certificate {server}/server.pem;
    ssl_certificate_key {server}/server.key;
    # Only the root: the intermediate has to come from the client.
    ssl_client_certificate {root};
    ssl_verify_client on;
    ssl_verify_depth 3;
    location / {{
      return 200 "hello $ssl_client_s_dn\\n";
    }}
    location /socket {{
      proxy_pass http://127.0.0.1:{socket_port};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
    }}
  }}
}}
"""


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class World:
    """Two CAs (one for clients, one for servers), nginx, and the tools."""

    def __init__(self, folder, enrol, client, profile):
        self.folder = pathlib.Path(folder)
        self.enrol = enrol
        self.client = client
        self.profile = profile
        self.root = Authority(self.folder / "root", "Client Root")
        self.intermediate = Authority(self.folder / "inter", "Client Intermediate", self.root)
        self.server_root = Authority(self.folder / "server-root", "Server Root")
        self.server_root.make_server(self.folder / "server", "DNS:localhost,IP:127.0.0.1")
        self.port = None
        self.processes = []

    def path(self, *names):
        return self.folder.joinpath(*names)

    def start_nginx(self):
        self.port, socket_port = free_port(), free_port()
        self._spawn("/usr/bin/python3", str(HERE / "websocket.py"), str(socket_port))
        config = self.path("nginx.conf")
        text = NGINX.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=self.folder,
            port=self.port,
            socket_port=socket_port,
            server=self.path("server"),
            root=self.root.certificate,
        )
        config.write_text(text)
        nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
        self._spawn(nginx, "-p", str(self.folder), "-e", f"{self.folder}/error.log", "-c", str(config))
        wait_until(lambda: answers(self.port) and answers(socket_port), "start of nginx", 20)

    def _spawn(self, *command):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent)
        self.processes.append(process)

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait()

    def configure(self, kind, files, name, passphrase=None, key=None, server_cas=None, verify="peer"):
        """What the wizard does with a reply: the settings' path. Raises if it refuses."""
        output = self.path(kind, f"{name}.yml")
        command = [self.enrol, "configure", self.profile, key or self.path(kind, "key.pem"), verify]
        command += [server_cas or self.server_root.certificate, output, *files]
        result = subprocess.run(
            list(map(str, command)),
            input=f"{passphrase or ''}\n",
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise RuntimeError(f"enrol ended with {result.returncode}: {result.stderr}")
        return output

    def ask(self, settings, protocol="https"):
        """What PlaceOS would see: the status and the text, or the reason."""
        command = [self.client, settings, protocol, "localhost", self.port]
        # Only what the settings say may be trusted.
        env = {**os.environ, "SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/nonexistent"}
        result = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, env=env, timeout=60, check=False
        )
        return (result.stdout + result.stderr).strip()

    def reply(self, kind):
        folder = self.path(kind, "reply")
        if folder.exists():
            shutil.rmtree(folder)
        parts = (self.intermediate.certificate, self.root.certificate)
        return Reply(folder, self.path(kind, "key.pem"), self.path(kind, "client.pem"), *parts)


def make_request(world, kind):
    world.path(kind).mkdir()
    command = [world.enrol, "request", kind, world.path(kind, "key.pem"), world.path(kind, "csr.pem")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    check(result.returncode == 0, result.stderr)


def verify_with_openssl(world, kind):
    text = openssl("req", "-in", world.path(kind, "csr.pem"), "-noout", "-verify", "-text")
    check("verify OK" in text, text)
    for name in ALT_NAMES:
        check(name in text, f"{name} is not in it:\n{text}")
    check("TLS Web Client Authentication" in text, text)
    check("Digital Signature" in text, text)
    check(("Key Encipherment" in text) == kind.startswith("rsa"), text)
    subject = openssl("req", "-in", world.path(kind, "csr.pem"), "-noout", "-subject",
                      "-nameopt", "sep_comma_plus,utf8,sname")
    wanted = "CN=steve@example.com,O=Example Organisation,OU=Automation,OU=Küche,L=Zürich,ST=ZH"
    check(wanted in subject, subject)


def verify_with_gnutls(world, kind):
    if not shutil.which("certtool"):
        raise Skip("certtool is not installed")
    command = ["certtool", "--crq-info", "--infile", str(world.path(kind, "csr.pem"))]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    text = result.stdout + result.stderr
    check(result.returncode == 0, text)
    check("Self signature: verified" in text, text)
    check("RFC822Name: steve@example.com" in text, text)


def sign(world, kind):
    certificate = world.path(kind, "client.pem")
    world.intermediate.sign(world.path(kind, "csr.pem"), certificate)
    chain = ("-CAfile", world.root.certificate, "-untrusted", world.intermediate.certificate)
    text = openssl("verify", "-purpose", "sslclient", *chain, certificate)
    check(": OK" in text, text)
    text = openssl("x509", "-in", certificate, "-noout", "-text")
    check(all(name in text for name in ALT_NAMES), text)


def works(world, kind, name, files, passphrase):
    settings = world.configure(kind, files, name, passphrase)
    answer = world.ask(settings)
    check(answer.startswith("200 hello ") and "steve@example.com" in answer, answer)


def same_settings(world, kind):
    """Whatever form the reply had, what is pasted is the same."""
    texts = {path.read_text() for path in world.path(kind).glob("*.yml")}
    check(len(texts) == 1, f"{len(texts)} different settings")
    text = texts.pop()
    check('https_verify: "peer"' in text or "https_verify: peer" in text, "https_verify is not peer")
    block = re.search(r"https_client_cert: \|\n((?:[ ]+.*\n)+)", text)
    check(block, "https_client_cert is not a literal block")
    check(block.group(1).count("BEGIN CERTIFICATE") == 2, "not leaf and intermediate")


def works_with_wss(world, kind):
    settings = world.configure(kind, world.reply(kind).forms()[0][1], "wss")
    answer = world.ask(settings, "wss")
    check(answer == "101 hello", answer)


def wrong_server_ca(world, kind):
    files = world.reply(kind).forms()[0][1]
    settings = world.configure(kind, files, "wrong-ca", server_cas=world.root.certificate)
    for protocol in ("https", "wss"):
        answer = world.ask(settings, protocol)
        check("certificate verify failed" in answer, answer)


def wrong_server_ca_unverified(world, kind):
    """What "none" means: the very same wrong CA is not noticed."""
    files = world.reply(kind).forms()[0][1]
    wrong = world.root.certificate
    settings = world.configure(kind, files, "none", server_cas=wrong, verify="none")
    answer = world.ask(settings)
    check(answer.startswith("200 "), answer)


def boolean_verify(world, kind):
    """The pitfall that the client shares with PlaceOS: "true" verifies nothing."""
    files = world.reply(kind).forms()[0][1]
    settings = world.configure(kind, files, "wrong-ca", server_cas=world.root.certificate)
    text = settings.read_text()
    changed = re.sub(r"https_verify: .*", "https_verify: true", text)
    check(changed != text, "https_verify was not found")
    other = world.path(kind, "boolean.yml")
    other.write_text(changed)
    answer = world.ask(other)
    check(answer.startswith("200 "), answer)


def without_intermediate(world, kind):
    settings = world.configure(kind, [world.path(kind, "client.pem")], "leaf-only")
    answer = world.ask(settings)
    check(answer.startswith("400 "), answer)


def without_certificate(world, kind):
    settings = world.configure(kind, world.reply(kind).forms()[0][1], "no-certificate")
    text = settings.read_text()
    changed = re.sub(r"https_client_cert: \|\n(?:[ ]+.*\n)+", "", text)
    check(changed != text, "https_client_cert was not found")
    settings.write_text(changed)
    answer = world.ask(settings)
    check(answer.startswith("400 "), answer)


def foreign_key_refused(world, kind):
    """Our own check: PlaceOS gives no clear error."""
    other = KINDS[(KINDS.index(kind) + 1) % len(KINDS)]
    files = world.reply(kind).forms()[0][1]
    try:
        world.configure(kind, files, "foreign", key=world.path(other, "key.pem"))
    except RuntimeError as error:
        check("ended with 3" in str(error), str(error))
    else:
        raise AssertionError("it was not refused")


def foreign_key_fails(world, kind):
    """And if a person mixes them up by hand, the server does not let it in."""
    files = world.reply(kind).forms()[0][1]
    text = world.configure(kind, files, "swapped").read_text()
    foreign = world.path("foreign.pem")
    if not foreign.exists():
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", foreign)
    indented = "".join(f"  {line}\n" for line in foreign.read_text().splitlines())
    changed = re.sub(
        r"https_private_key: \|\n(?:[ ]+.*\n)+", f"https_private_key: |\n{indented}", text
    )
    check(changed != text, "https_private_key was not found")
    settings = world.path(kind, "swapped.yml")
    settings.write_text(changed)
    answer = world.ask(settings)
    check(not answer.startswith("200 "), answer)


def judge_requests(tap, world, kind):
    if not tap.run(f"/interop/{kind}/request", make_request, world, kind):
        return False
    tap.run(f"/interop/{kind}/openssl", verify_with_openssl, world, kind)
    tap.run(f"/interop/{kind}/gnutls", verify_with_gnutls, world, kind)
    return tap.run(f"/interop/{kind}/ca", sign, world, kind)


def judge_settings(tap, world, kind):
    for name, files, passphrase in world.reply(kind).forms():
        arguments = (world, kind, name, files, passphrase)
        tap.run(f"/interop/{kind}/reply/{name}", works, *arguments)
    tap.run(f"/interop/{kind}/same-settings", same_settings, world, kind)
    tap.run(f"/interop/{kind}/wss", works_with_wss, world, kind)
    tap.run(f"/interop/{kind}/wrong-server-ca", wrong_server_ca, world, kind)
    tap.run(f"/interop/{kind}/verify-none", wrong_server_ca_unverified, world, kind)
    tap.run(f"/interop/{kind}/verify-boolean", boolean_verify, world, kind)
    tap.run(f"/interop/{kind}/without-intermediate", without_intermediate, world, kind)
    tap.run(f"/interop/{kind}/without-certificate", without_certificate, world, kind)
    tap.run(f"/interop/{kind}/foreign-key-refused", foreign_key_refused, world, kind)
    tap.run(f"/interop/{kind}/foreign-key-fails", foreign_key_fails, world, kind)


def missing(client):
    if not shutil.which("openssl"):
        return "the openssl command is not installed"
    if not shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin"):
        return "nginx is not installed"
    if not pathlib.Path(client).is_file():
        return "crystal is not installed"
    return None


def main(enrol, client, profile):
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        world = World(folder, enrol, client, profile)
        signed = [kind for kind in KINDS if judge_requests(tap, world, kind)]
        reason = missing(client)
        if reason:
            tap.skip_rest(reason)
            return tap.end()
        try:
            world.start_nginx()
            for kind in signed:
                judge_settings(tap, world, kind)
        finally:
            world.stop()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
