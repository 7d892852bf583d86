#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each consumer's profile, judged by the program that it is for.

consumers.py CERTWRIGHT-CLI PROFILES PLACEOS-CLIENT

A key with its certificate is taken into a private keyring. What certwright then
writes for a consumer is run by that consumer and has to get it into a real server,
from folders with names that no quoting may stumble over; with the wrong CA or
another one's key the same has to fail.
"""

import contextlib
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "session"))

# pylint: disable=wrong-import-position
from authority import Authority, openssl
from run import check
from servers import Servers, find
from session import Session, wait_until
from tap import Skip, Tap

PASSPHRASE = "correct horse"
KINDS = {
    "ec": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "rsa": ("rsa:2048",),
}

# Whatever means something in a shell, a string literal, a template or a configuration file.
PLACES = {
    "plain": "client",
    "hostile": "O'Brien \"q\" $HOME ${x} `id` $(id) %s {{private-key}} a:b ;#& \\n\\ Zürich 鍵",
    "control": "two\nlines\tand a tab",
}


def run(*command, **more):
    """Runs a command and returns what it prints; raises with its words if it fails."""
    if not find(str(command[0])) and not pathlib.Path(command[0]).is_file():
        raise Skip(f"{command[0]} is not installed")
    more = {"input": b"", "capture_output": True, "timeout": 120} | more
    result = subprocess.run(list(map(str, command)), check=False, **more)
    words = (result.stdout + result.stderr).decode(errors="replace")
    check(result.returncode == 0, f"{' '.join(map(str, command))}\n{words}")
    return words


def fails(function, *arguments):
    """What the function says as it fails, as it has to."""
    try:
        said = function(*arguments)
    except AssertionError as error:
        return str(error)
    raise AssertionError(f"it was let in: {said}")


class World:
    """CAs for clients and servers, the servers, and certwright with a keyring."""

    def __init__(self, folder, program, profiles, placeos, stack):
        self.folder = pathlib.Path(folder)
        self.program = program
        self.placeos = placeos
        share = self.path("share", "certwright")
        share.mkdir(parents=True)
        (share / "profiles").symlink_to(profiles)
        env = {"XDG_DATA_DIRS": f"{share.parent}:/usr/local/share:/usr/share"}
        self.session = stack.enter_context(Session(env=env))
        self.passphrase = self.path("passphrase")
        self.passphrase.write_text(f"{PASSPHRASE}\n")
        self._make_authorities()
        self.servers = None
        self.observed = self.path("observed")
        self._count = 0

    def _make_authorities(self):
        self.root = Authority(self.path("root"), "Client Root")
        self.intermediate = Authority(self.path("inter"), "Client Intermediate", self.root)
        self.server_root = Authority(self.path("server-root"), "Server Root")
        self.server_inter = Authority(self.path("server-inter"), "Server CA", self.server_root)
        self.server_inter.make_server(self.path("server"), "DNS:localhost,IP:127.0.0.1")
        self.foreign_root = Authority(self.path("foreign-root"), "Foreign Root")

    def path(self, *names):
        return self.folder.joinpath(*names)

    def new_folder(self):
        self._count += 1
        folder = self.path(f"work-{self._count}")
        folder.mkdir()
        return folder

    def certwright(self, *arguments):
        command = [self.program, *map(str, arguments)]
        result = self.session.run(
            command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, check=False
        )
        words = f"{' '.join(command)}\n{result.stdout}{result.stderr}"
        check(result.returncode == 0, f"ended with {result.returncode}: {words}")
        return result.stdout

    def start(self, self_signed):
        self.servers = Servers(self.path("servers"), self.path("server"), self.root.certificate)
        self.https = self.servers.start_nginx()
        self.mqtts = self.servers.start_mosquitto(self_signed)
        self.thingsboard = self.servers.start_thingsboard()

    def observe(self, client):
        """Writes down what anybody publishes, in "topic payload" lines."""
        command = ["mosquitto_sub", "-h", "localhost", "-p", self.mqtts, "-t", "#", "-v", "-q", "1"]
        command += ["--cafile", self.server_root.certificate, "--cert", client.chain, "--key", client.key]
        with open(self.observed, "wb") as output:
            process = self.servers.spawn("stdbuf", "-oL", *command, stdout=output)
        log = self.path("servers", "mosquitto.log")
        wait_until(lambda: process.poll() is not None or "SUBACK" in log.read_text(), "subscription", 30)
        check(process.poll() is None, "the observer does not get in")

    def seen(self, line):
        """How often it was published."""
        return self.observed.read_text().splitlines().count(line)


class Client:
    """A key and its certificate, made by openssl."""

    def __init__(self, world, name, kind, common_name, issuer=None, usage="clientAuth", names=""):
        self.world = world
        self.name = name
        self.mark = secrets.token_hex(6)
        self.common_name = common_name.replace("MARK", self.mark)
        self.folder = world.path(name)
        self.folder.mkdir()
        self.key = self.folder / "key.pem"
        self.leaf = self.folder / "leaf.pem"
        self.chain = self.folder / "chain.pem"
        self.root = self.folder / "root.pem"
        self.id = None
        self._make(kind, issuer, usage, names)

    def _make(self, kind, issuer, usage, names):
        config = (issuer or self.world.root).config
        subject = "/CN=" + self.common_name.replace("\\", "\\\\").replace("/", "\\/")
        command = ["req", "-new", "-utf8", "-config", config, "-newkey", *KINDS[kind], "-nodes"]
        command += ["-keyout", self.key, "-subj", f"{subject}/serialNumber={self.mark}"]
        command += ["-addext", f"extendedKeyUsage={usage}"]
        command += ["-addext", "keyUsage=critical,digitalSignature"]
        command += ["-addext", f"subjectAltName={names or 'email:steve@example.com'}"]
        if issuer is None:
            openssl(*command, "-x509", "-days", "365", "-out", self.leaf)
            self.chain.write_text(self.leaf.read_text())
            return
        request = self.folder / "request.csr"
        openssl(*command, "-out", request)
        issuer.sign(request, self.leaf)
        self.chain.write_text(self.leaf.read_text() + issuer.certificate.read_text())

    def store(self, profile, issuers=()):
        """Takes it into the keyring, with the CAs above it."""
        before = set(self.world.certwright("list", "--ids").split())
        files = (self.key, self.chain, *(one.certificate for one in issuers))
        self.world.certwright("import", f"--profile={profile}", *files)
        (self.id,) = set(self.world.certwright("list", "--ids").split()) - before
        return self

    def pkcs12(self, path, passphrase=PASSPHRASE, key=None):
        command = ("pkcs12", "-export", "-inkey", key or self.key, "-in", self.chain, "-out", path)
        openssl(*command, "-passout", f"pass:{passphrase}")


class Saved:
    """What certwright wrote for a consumer into a folder."""

    def __init__(self, client, profile, place="plain", address=None, cas=None):
        self.world = client.world
        self.client = client
        self.profile = profile
        self.folder = self.world.new_folder() / PLACES[place]
        self.options = [client.id, f"--profile={profile}"]
        self.options += [f"--server-cas={cas or self.world.server_root.certificate}"]
        if address != "":
            self.options += [f"--address={address or self.address}"]

    @property
    def address(self):
        mqtt = self.profile in ("thingsboard", "mosquitto")
        return f"mqtts://localhost:{self.world.mqtts}" if mqtt else f"https://localhost:{self.world.https}/"

    def save(self):
        """The set of files that belong together."""
        self.folder.mkdir()
        protected = [self.protected] if self.profile == "java" else []
        self.world.certwright("output", *self.options, *protected, f"--set={self.folder}")
        for name in self.names:
            text = self.path(name).read_bytes()
            mode = self.path(name).stat().st_mode & 0o777
            if b"PRIVATE KEY" in text or name.endswith(".p12"):
                check(mode == 0o600, f"{name} has the mode {mode:o}")
        return self

    def write(self, output, name):
        """One output alone."""
        self.folder.mkdir(exist_ok=True)
        protected = [self.protected] if name.endswith((".p12", "-encrypted.key")) else []
        command = ("output", *self.options, *protected, f"--output-id={output}")
        self.world.certwright(*command, f"--to={self.path(name)}")
        return self.path(name)

    @property
    def protected(self):
        return f"--passphrase-file={self.world.passphrase}"

    def path(self, name):
        return self.folder / name

    @property
    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    @contextlib.contextmanager
    def changed(self, **contents):
        """For a while, files (their names with "_" for "." and "-") have another content."""
        paths = {re.sub("[.-]", "_", name): self.path(name) for name in self.names}
        before = {name: paths[name].read_bytes() for name in contents}
        try:
            for name, content in contents.items():
                paths[name].write_bytes(content.read_bytes())
            yield
        finally:
            for name, content in before.items():
                paths[name].write_bytes(content)


def greeted(saved, text):
    """The server knew whom it spoke to."""
    check("hello " in text and saved.client.mark in text, text)
    return text


def refused_with_wrong_files(saved, function, key, certificate, cas):
    """Another CA for the server, another one's key, and a client of another CA."""
    world = saved.world
    stranger = world.stranger
    with saved.changed(**{cas: world.root.certificate}):
        fails(function, saved)
    with saved.changed(**{key: stranger.key}):
        fails(function, saved)
    with saved.changed(**{key: stranger.key, certificate: stranger.chain}):
        fails(function, saved)
    function(saved)


# curl, wget, Python, Node.js


def shell(saved, script):
    """As somebody runs it: in another folder, with a home of its own."""
    home = saved.world.new_folder()
    env = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "LC_ALL": "C.UTF-8"}
    text = run("sh", "-eu", saved.path(script), cwd=home, env=env)
    return text + "".join(path.read_text() for path in home.iterdir() if path.is_file())


def curl(saved):
    return greeted(saved, shell(saved, "curl.sh"))


def wget(saved):
    return greeted(saved, shell(saved, "wget.sh"))


def python(saved):
    return greeted(saved, run("/usr/bin/python3", saved.path("client.py")))


def node(saved):
    return greeted(saved, run("node", saved.path("client.cjs")))


# ThingsBoard


def publish(saved):
    """mosquitto_pub says that the broker has taken it, and the broker passes it on."""
    world = saved.world
    line = 'v1/devices/me/telemetry {"temperature":25}'
    before = world.seen(line)
    text = shell(saved, "mosquitto-pub.sh")
    check("received PUBACK" in text, text)
    wait_until(lambda: world.seen(line) == before + 1, "telemetry", 60)
    return text


def call_rest(saved, token):
    """With the token typed; and what curl was given as arguments, where everybody sees it."""
    double, folder = saved.world.thingsboard, saved.world.new_folder()
    text = saved.path("thingsboard-credentials.sh").read_text()
    for name, value in (("THINGSBOARD", double.url), ("DEVICE_ID", double.DEVICE)):
        text, count = re.subn(rf"(?m)^{name}=.*$", f"{name}={value}", text)
        check(count == 1, f"{name} is not set once")
    script, arguments = folder / "call.sh", folder / "arguments"
    script.write_text(text)
    (folder / "curl").write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >> {arguments}\nexec {find('curl')} \"$@\"\n")
    (folder / "curl").chmod(0o755)
    env = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    answer = run("sh", "-eu", script, input=f"{token}\n".encode(), env=env)
    seen = arguments.read_text()
    check(double.DEVICE in seen and "BEGIN CERTIFICATE" in seen and token not in seen, seen)
    return json.loads(answer)


def rest(saved):
    answer = call_rest(saved, saved.world.thingsboard.TOKEN)
    check(answer["credentialsType"] == "X509_CERTIFICATE", answer)
    leaf = saved.client.leaf.read_text()
    check(answer["credentialsValue"].strip() == leaf.strip(), "it is another certificate")


def rest_without_token(saved):
    check("401" in fails(call_rest, saved, "another"), "for another reason")


# Mosquitto


def mosquitto_clients(saved):
    """Both programs read the same options; what one sends the other gets."""
    home = saved.world.new_folder()
    for name in ("mosquitto_pub", "mosquitto_sub"):
        shutil.copy(saved.path("mosquitto_pub"), home / name)
    env = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    topic = f"test/{secrets.token_hex(6)}"
    run("mosquitto_pub", "-d", "-q", "1", "-t", topic, "-m", "hello", "-r", env=env)
    text = run("mosquitto_sub", "-t", topic, "-C", "1", "-W", "20", env=env)
    check("hello" in text, text)
    return text


def mosquitto_bridge(saved):
    """What is published at the one broker arrives at the other."""
    world, topic = saved.world, f"up/{secrets.token_hex(6)}"
    with world.servers.bridged_broker(saved.path("bridge.conf")) as port:
        log = world.path("servers", f"bridge-{port}", "log")
        run("mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-q", "1", "-t", topic, "-m", "hello")
        line = f"{topic} hello"
        broken = re.compile("Error|Bad socket")
        wait_until(lambda: world.seen(line) or broken.search(log.read_text()), "bridge", 60)
        check(world.seen(line), log.read_text())


# OpenVPN


def openvpn(saved):
    """A whole handshake, without a network device."""
    world, folder = saved.world, saved.world.new_folder()
    with world.servers.openvpn() as (port, server_log):
        config, log = folder / "client.ovpn", folder / "log"
        lines = ("tls-client", "dev null", "proto tcp-client", f"remote 127.0.0.1 {port}", "verb 3")
        lines += ("connect-retry-max 1", "tls-exit", "cipher AES-256-GCM", f"log {log}", "")
        config.write_text("\n".join(lines) + saved.path("client-inline.ovpn").read_text())
        log.touch()
        process = world.servers.spawn(find("openvpn"), "--config", config)
        wait_until(lambda: process.poll() is not None or "Sequence Completed" in log.read_text(), "VPN", 60)
        process.terminate()
        process.wait()
        check("Initialization Sequence Completed" in log.read_text(), log.read_text())
        check(saved.client.mark in server_log.read_text(), server_log.read_text())
    return log.read_text()


def openvpn_refused(saved):
    """Another CA for the server, another one's key, and a client of another CA, in its blocks."""
    world, stranger = saved.world, saved.world.stranger
    parts = {"ca": world.root.certificate, "key": stranger.key, "cert": stranger.chain}
    for names in (("ca",), ("key",), ("key", "cert")):
        text = saved.path("client-inline.ovpn").read_text()
        for name in names:
            block = f"<{name}>\n{parts[name].read_text()}</{name}>"
            text, count = re.subn(f"<{name}>\n.*?</{name}>", block, text, flags=re.DOTALL)
            check(count == 1, f"<{name}> is not there once")
        other = world.new_folder() / "other"
        other.write_text(text)
        with saved.changed(client_inline_ovpn=other):
            fails(openvpn, saved)
    openvpn(saved)


# Java


def java(saved):
    quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    env = {**os.environ, "KEYSTORE_PASSPHRASE": PASSPHRASE, "JAVA_TOOL_OPTIONS": quick}
    return greeted(saved, run("java", saved.path("Client.java"), env=env))


def keytool(saved, name="client.p12"):
    text = run("keytool", "-list", "-v", "-keystore", saved.path(name), "-storetype", "PKCS12",
               "-storepass", PASSPHRASE)
    check("PrivateKeyEntry" in text and "Certificate chain length: 2" in text, text)
    check(saved.client.mark in text, text)


def java_refused(saved):
    world, stranger = saved.world, saved.world.stranger
    other = world.new_folder() / "other.p12"
    with saved.changed(server_ca_pem=world.root.certificate):
        fails(java, saved)
    stranger.pkcs12(other)
    with saved.changed(client_p12=other):
        fails(java, saved)
    stranger.pkcs12(other, passphrase="another")
    with saved.changed(client_p12=other):
        fails(java, saved)


# PKCS#12


def pkcs12_with_openssl(saved, name, old=False):
    more = ("-legacy",) if old else ()
    command = ("openssl", "pkcs12", "-in", saved.path(name), "-nodes", "-info", *more, "-passin")
    text = run(*command, f"pass:{PASSPHRASE}")
    check(text.count("BEGIN CERTIFICATE") == 2 and "BEGIN PRIVATE KEY" in text, text)
    old_words = "MAC: sha1" in text and "pbeWithSHA1And3-KeyTripleDES-CBC" in text
    check(old_words == old and ("AES-256-CBC" in text) != old, text)
    check("RC2" not in text, text)
    fails(run, *command, "pass:another")


def pkcs12_with_gnutls(saved, name):
    command = ("certtool", "--p12-info", "--inder", "--infile", saved.path(name), "--password")
    text = run(*command, PASSPHRASE)
    check(text.count("BEGIN CERTIFICATE") == 2 and "PRIVATE KEY" in text, text)
    fails(run, *command, "another")


def pkcs12_with_curl(saved, name):
    world = saved.world
    # No colon in what --cert names: curl takes it for the beginning of a passphrase.
    command = ["curl", "--silent", "--show-error", "--cacert", world.server_root.certificate]
    command += ["--cert-type", "P12", "--cert", name, f"https://localhost:{world.https}/", "--pass"]
    greeted(saved, run(*command, PASSPHRASE, cwd=saved.folder))
    fails(run, *command, "another")


# Browsers: Firefox, and Chrome on Linux, take keys and certificates with NSS


class Nss:
    """A browser's database."""

    def __init__(self, world, cas):
        self.world = world
        self.folder = world.new_folder()
        self.database = f"sql:{self.folder}"
        run("certutil", "-N", "-d", self.database, "--empty-password")
        run("certutil", "-A", "-d", self.database, "-n", "server", "-t", "C,,", "-i", cas)

    def take(self, path, passphrase=PASSPHRASE):
        run("pk12util", "-i", path, "-d", self.database, "-W", passphrase)

    def connect(self):
        """With the only client certificate that has a key, as a browser offers it."""
        names = re.findall(r"(?m)^(.+?) +u,u,u *$", run("certutil", "-L", "-d", self.database))
        check(len(names) == 1, names)
        request = self.folder / "request"
        request.write_bytes(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return run("tstclnt", "-4", "-h", "localhost", "-p", self.world.https, "-d", self.database, "-n",
                   names[0], "-V", "tls1.2:tls1.3", "-A", request)


def nss(saved, name):
    browser = Nss(saved.world, saved.world.server_root.certificate)
    fails(browser.take, saved.path(name), "another")
    browser.take(saved.path(name))
    greeted(saved, browser.connect())


def nss_refused(saved, name):
    world = saved.world
    other = world.new_folder() / "other.p12"
    world.stranger.pkcs12(other)
    browser = Nss(world, world.server_root.certificate)
    browser.take(other)
    check("hello" not in browser.connect(), "a stranger is let in")
    browser = Nss(world, world.root.certificate)
    browser.take(saved.path(name))
    fails(lambda: greeted(saved, browser.connect()))


# PEM files


def plain_curl(saved, *options):
    world = saved.world
    command = ("curl", "--silent", "--show-error", "--cacert", saved.path("server-ca.pem"))
    return greeted(saved, run(*command, *options, f"https://localhost:{world.https}/", cwd=saved.folder))


def pem_with_curl(saved):
    return plain_curl(saved, "--cert", "fullchain.pem", "--key", "client.key")


def pem_all_with_curl(saved):
    return plain_curl(saved, "--cert", "client-all.pem")


def pem_encrypted_key(saved):
    files = ("--cert", "fullchain.pem", "--key", "client-encrypted.key", "--pass")
    plain_curl(saved, *files, PASSPHRASE)
    fails(plain_curl, saved, *files, "another")
    run("certtool", "--key-info", "--password", PASSPHRASE, "--infile", saved.path("client-encrypted.key"))


def pem_with_openssl(saved):
    files = [saved.path(name) for name in ("client.crt", "ca-chain.pem", "fullchain.pem", "client.key")]
    certificate, issuers, fullchain, key = files
    texts = [path.read_text() for path in files]
    check([text.count("BEGIN CERTIFICATE") for text in texts] == [1, 2, 2, 0], "wrong numbers")
    check(texts[2].startswith(texts[0]), "the chain does not begin with the certificate")
    check(texts[3].startswith("-----BEGIN PRIVATE KEY-----"), "not PKCS#8")
    text = run("openssl", "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile",
               saved.world.root.certificate, "-untrusted", issuers, certificate)
    check(": OK" in text, text)
    run("openssl", "verify", "-CAfile", issuers, certificate)
    fails(run, "openssl", "verify", "-CAfile", saved.world.root.certificate, certificate)
    run("openssl", "pkey", "-in", key, "-noout", "-check")
    return fullchain


def pem_with_gnutls(saved):
    run("certtool", "--key-info", "--infile", saved.path("client.key"))
    chain = saved.world.new_folder() / "chain.pem"
    chain.write_text(saved.path("client.crt").read_text() + saved.path("ca-chain.pem").read_text())
    check("Verified" in run("certtool", "--verify-chain", "--infile", chain), "it is not verified")


# nginx


def nginx(saved, certificate="fullchain.pem"):
    """A site with its key and chain: known to who trusts the root alone."""
    world, folder = saved.world, saved.world.new_folder()
    (folder / "tls").mkdir()
    shutil.copy(saved.path("server.key"), folder / "tls" / "server.key")
    shutil.copy(saved.path(certificate), folder / "tls" / "fullchain.pem")
    shutil.copy(saved.path("tls.conf"), folder / "tls.conf")
    with world.servers.site(folder) as port:
        trust = ("--cacert", world.server_root.certificate)
        text = run("curl", "--silent", "--show-error", *trust, f"https://localhost:{port}/")
        check("hello" in text, text)


def nginx_refused(saved):
    with saved.changed(server_key=saved.world.stranger.key):
        check("key values mismatch" in fails(nginx, saved), "for another reason")
    check("local issuer" in fails(nginx, saved, "server.crt"), "for another reason")
    nginx(saved)


# PlaceOS


def ask_placeos(saved, name, protocol):
    """What a driver gets that trusts nothing but its settings."""
    if not pathlib.Path(saved.world.placeos).is_file():
        raise Skip("crystal is not installed")
    env = {**os.environ, "SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/nonexistent"}
    return run(saved.world.placeos, saved.path(name), protocol, "localhost", saved.world.https, env=env)


def placeos(saved, name="settings.yml"):
    greeted(saved, ask_placeos(saved, name, "https"))
    check("101 hello" in ask_placeos(saved, name, "wss"), "no WebSocket")


def placeos_tabs(saved):
    """Key and certificates in two tabs, which PlaceOS merges; the key is in one of them only."""
    texts = [saved.write(output, output).read_text() for output in ("key", "certificates")]
    check([text.count("PRIVATE KEY") for text in texts] == [2, 0], "the key is not in one alone")
    saved.path("merged.yml").write_text("".join(texts))
    placeos(saved, "merged.yml")


def placeos_refused(saved):
    text = saved.path("settings.yml").read_text()
    for name, other in (("https_ca_certificates", saved.world.root.certificate),
                        ("https_private_key", saved.world.stranger.key)):
        block = f"{name}: |\n" + "".join(f"  {line}\n" for line in other.read_text().splitlines())
        changed, count = re.subn(rf"{name}: \|\n(?:[ ]+.*\n)+", lambda _: block, text)
        check(count == 1, f"{name} is not there once")
        saved.path("other.yml").write_text(changed)
        fails(lambda: greeted(saved, ask_placeos(saved, "other.yml", "https")))


# Without CAs of its own, and without an address


def trusts_system(saved, function, variable):
    """What is trusted on this system, here by way of a variable, is trusted; nothing else is."""
    world = saved.world
    check(not [name for name in saved.names if "-ca" in name], f"there are CAs among {saved.names}")
    for name in saved.names:
        if not name.endswith((".key", ".pem")):
            text = saved.path(name).read_text().replace("api.example.com", f"localhost:{world.https}")
            saved.path(name).write_text(text)
    os.environ[variable] = str(world.root.certificate)
    try:
        fails(function, saved)
        os.environ[variable] = str(world.server_root.certificate)
        function(saved)
    finally:
        del os.environ[variable]


def trusts_folder(saved, function, name):
    """The same for what names the folder of the system's CAs, with another one in its place."""
    text = saved.path(name).read_text()
    check(text.count("path /etc/ssl/certs\n") == 1, text)
    folder = saved.world.new_folder()
    saved.path(name).write_text(text.replace("/etc/ssl/certs", str(folder)))
    shutil.copy(saved.world.root.certificate, folder / "root.pem")
    openssl("rehash", folder)
    fails(function, saved)
    shutil.copy(saved.world.server_root.certificate, folder / "server-root.pem")
    openssl("rehash", folder)
    function(saved)


def trusts_nobody(saved, function, words):
    """The system knows nothing of a private CA."""
    check(words in fails(function, saved), f"it does not say that it is {words}")


def judge_system(judge):
    variables = {
        curl: ("https-api", "", "CURL_CA_BUNDLE"),
        python: ("https-api", "", "REQUESTS_CA_BUNDLE"),
        node: ("nodejs", "", "NODE_EXTRA_CA_CERTS"),
    }
    for function, (profile, address, variable) in variables.items():
        saved = Saved(judge.client, profile, address=address, cas="system")
        judge.run(f"{profile}/system/{function.__name__}/save", saved.save)
        judge.run(f"{profile}/system/{function.__name__}", trusts_system, saved, function, variable)
    saved = Saved(judge.client, "mosquitto", cas="system")
    judge.run("mosquitto/system/save", saved.save)
    judge.run("mosquitto/system/clients", trusts_folder, saved, mosquitto_clients, "mosquitto_pub")
    judge.run("mosquitto/system/bridge", trusts_folder, saved, mosquitto_bridge, "bridge.conf")
    for function, profile, words in ((java, "java", "unable to find valid certification path"),
                                     (wget, "wget", "not trusted")):  # fmt: skip
        saved = Saved(judge.client, profile, cas="system")
        judge.run(f"{profile}/system/save", saved.save)
        judge.run(f"{profile}/system", trusts_nobody, saved, function, words)


# The tests


class Judge:
    """Runs the tests of one client, under its name; not all of them if another has had the rest."""

    def __init__(self, tap, client, all_of_them=True):
        self.tap = tap
        self.client = client
        self.all_of_them = all_of_them
        self.places = PLACES if all_of_them else ("plain",)

    def refused(self, name, function, *arguments):
        if self.all_of_them:
            self.run(f"{name}/refused", function, *arguments)

    def run(self, name, function, *arguments):
        return self.tap.run(f"/consumers/{self.client.name}/{name}", function, *arguments)

    def save(self, profile, place="plain", **more):
        """Writes the set, and the outputs beside it."""
        saved = Saved(self.client, profile, place, **more)
        return saved if self.run(f"{profile}/{place}/save", saved.save) else None

    def script(self, profile, function, files, places=PLACES):
        """A program that uses the files of a set, from each of the places."""
        for place in places:
            saved = self.save(profile, place) if place in self.places else None
            if saved:
                name = f"{profile}/{place}/{function.__name__.replace('_', '-')}"
                self.run(name, function, saved)
                if place == "plain":
                    self.refused(name, refused_with_wrong_files, saved, function, *files)


FILES = ("client_key", "client_pem", "server_ca_pem")


def judge_scripts(judge):
    judge.script("https-api", curl, FILES)
    judge.script("https-api", python, FILES)
    judge.script("wget", wget, FILES)
    judge.script("nodejs", node, FILES)


def judge_mosquitto(judge):
    """Its files have no way to say a line's end in a name."""
    places = ("plain", "hostile")
    judge.script("mosquitto", mosquitto_clients, FILES, places)
    judge.script("mosquitto", mosquitto_bridge, FILES, places)
    saved = Saved(judge.client, "mosquitto", "control")
    judge.run("mosquitto/control/not-saved", not_saved, saved)


def not_saved(saved):
    words = fails(saved.save)
    check("mosquitto" in words and "Traceback" not in words, words)
    check(saved.names == [], f"these were left: {saved.names}")


def judge_java(judge):
    if not judge.all_of_them:
        return
    for place in ("hostile", "control"):
        saved = judge.save("java", place)
        if saved:
            judge.run(f"java/{place}/program", java, saved)
            if place == "hostile":
                judge.run(f"java/{place}/keytool", keytool, saved)
                judge.refused("java", java_refused, saved)


def judge_openvpn(judge):
    saved = Saved(judge.client, "openvpn")
    judge.run("openvpn/write", saved.write, "inline", "client-inline.ovpn")
    judge.run("openvpn/handshake", openvpn, saved)
    judge.refused("openvpn", openvpn_refused, saved)


def judge_pkcs12(judge):
    saved = Saved(judge.client, "pkcs12")
    for output in ("modern", "old"):
        name, old = f"{output}.p12", output == "old"
        judge.run(f"pkcs12/{output}/write", saved.write, output, name)
        judge.run(f"pkcs12/{output}/openssl", pkcs12_with_openssl, saved, name, old)
        judge.run(f"pkcs12/{output}/gnutls", pkcs12_with_gnutls, saved, name)
        judge.run(f"pkcs12/{output}/java", keytool, saved, name)
        judge.run(f"pkcs12/{output}/curl", pkcs12_with_curl, saved, name)


def judge_browser(judge):
    saved = Saved(judge.client, "browser")
    for output in ("firefox", "chrome", "windows", "old"):
        name, old = f"{output}.p12", output == "old"
        judge.run(f"browser/{output}/write", saved.write, output, name)
        judge.run(f"browser/{output}/openssl", pkcs12_with_openssl, saved, name, old)
        judge.run(f"browser/{output}/nss", nss, saved, name)
    judge.refused("browser/nss", nss_refused, saved, "firefox.p12")


def judge_pem(judge):
    saved = judge.save("pem", "hostile")
    if not saved:
        return
    judge.run("pem/write-all", saved.write, "all", "client-all.pem")
    judge.run("pem/write-encrypted-key", saved.write, "encrypted-key", "client-encrypted.key")
    for step in (pem_with_openssl, pem_with_gnutls, pem_with_curl, pem_all_with_curl, pem_encrypted_key):
        judge.run(step.__name__.replace("_", "-").replace("pem-", "pem/", 1), step, saved)
    files = ("client_key", "fullchain_pem", "server_ca_pem")
    judge.refused("pem", refused_with_wrong_files, saved, pem_with_curl, *files)


def judge_placeos(judge):
    saved = Saved(judge.client, "placeos")
    judge.run("placeos/write", saved.write, "settings", "settings.yml")
    judge.run("placeos/settings", placeos, saved)
    judge.run("placeos/tabs", placeos_tabs, saved)
    judge.refused("placeos", placeos_refused, saved)


def judge_thingsboard(judge):
    files = ("key_pem", "cert_pem", "tb_server_chain_pem")
    judge.script("thingsboard", publish, files)
    saved = Saved(judge.client, "thingsboard")
    judge.run("thingsboard/write-rest", saved.write, "rest", "thingsboard-credentials.sh")
    judge.run("thingsboard/rest", rest, saved)
    judge.refused("thingsboard/rest", rest_without_token, saved)


def judge_nginx(judge):
    for place in judge.places:
        saved = judge.save("nginx", place, address="https://localhost/")
        if saved:
            judge.run(f"nginx/{place}/site", nginx, saved)
            if place == "plain":
                judge.refused("nginx", nginx_refused, saved)


def make_clients(world):
    above = (world.root,)
    world.stranger = Client(world, "stranger", "ec", "stranger", world.foreign_root)
    world.observer = Client(world, "observer", "ec", "observer", world.intermediate)
    hostile = "O'Brien \"MARK\" $HOME `id` Zürich"
    clients = [Client(world, "ec", "ec", hostile, world.intermediate).store("pem", above)]
    clients += [Client(world, "rsa", "rsa", "MARK", world.intermediate).store("pem", above)]
    devices = [Client(world, f"device-{kind}", kind, hostile).store("thingsboard") for kind in KINDS]
    names = ("serverAuth", "DNS:localhost,IP:127.0.0.1")
    site = Client(world, "site", "ec", "localhost", world.server_inter, *names)
    return clients, devices, site.store("nginx", (world.server_root,))


def judge_all(tap, world):
    clients, devices, site = make_clients(world)
    world.start([device.leaf for device in devices])
    world.observe(world.observer)
    for client in clients:
        judge = Judge(tap, client, client is clients[0])
        judge_placeos(judge)
        judge_scripts(judge)
        if judge.all_of_them:
            judge_system(judge)
        judge_mosquitto(judge)
        judge_openvpn(judge)
        judge_java(judge)
        judge_pkcs12(judge)
        judge_browser(judge)
        judge_pem(judge)
    for device in devices:
        judge_thingsboard(Judge(tap, device, device is devices[0]))
    judge_nginx(Judge(tap, site))


def missing():
    for program in ("openssl", "nginx", "mosquitto", "mosquitto_sub", "openvpn", "curl"):
        if not find(program):
            return f"{program} is not installed"
    return None


def main(program, profiles, placeos_client):
    tap = Tap()
    if missing():
        tap.skip_rest(missing())
        return tap.end()
    with tempfile.TemporaryDirectory(prefix="cw-") as folder, contextlib.ExitStack() as stack:
        world = World(folder, program, profiles, placeos_client, stack)
        stack.callback(lambda: world.servers and world.servers.stop())
        judge_all(tap, world)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
