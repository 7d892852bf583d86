#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that are shown do what this program does.

recipes.py RECIPE

Each recipe is run by sh, in a folder of its own, with the real openssl; what comes out is
compared with what this program makes of the same request and the same key, byte by byte where
nothing is random. Names are as bad as names can be.
"""

import concurrent.futures
import contextlib
import datetime
import os
import pathlib
import pty
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "session"))

# pylint: disable=wrong-import-position
from authority import Authority, openssl
from run import check, free_port
from session import die_with_parent, wait_until
from tap import Skip, Tap

RECIPE = sys.argv[1]
PASSPHRASE = "correct horse"
CLIENT, SERVER = "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"
KINDS = ("rsa-2048", "rsa-3072", "rsa-4096", "ec-p256", "ec-p384", "ec-p521", "ed25519")

# What would run, expand, end a quotation or be taken for an option.
HOSTILE = [
    "it's",
    'say "a"',
    "$HOME ${HOME}",
    "$(touch pwned)",
    "`touch pwned`",
    "a; touch pwned",
    "a & touch pwned #",
    "| tee pwned",
    "> pwned",
    "back\\slash\\",
    "\\n\\t\\x41",
    "/slash/CN=other",
    "a+CN=other",
    "a,b=c;d",
    "-subj",
    "--",
    "@names",
    "#7",
    "!!",
    "~root",
    "*",
    "a   b",
    "EOF",
    "[req]",
    "%s%n",
    "critical,CA:TRUE",
    "Zürich – Genève",
    "日本語",
    "🙂",
    "x" * 64,
]


def escape(text):
    """For a key file, which takes away the blanks at the start."""
    text = text.replace("\\", "\\\\")
    return "\\s" + text[1:] if text.startswith(" ") else text


class Request:
    """What is asked for, as the store keeps it."""

    def __init__(self, subject=(("CN", "steve@example.com"),), names=(), **more):
        self.subject, self.names = list(subject), list(names)
        self.kind = more.get("kind", "ec-p256")
        self.usages = more.get("usages", [CLIENT])
        self.days = more.get("days", 365)

    def text(self):
        usages = "".join(usage + ";" for usage in self.usages)
        lines = ["[Request]", "version=1", f"key-kind={self.kind}", f"usages={usages}"]
        lines.append(f"days={self.days}")
        for i, (kind, value) in enumerate(self.subject, 1):
            lines += [f"[Attribute {i}]", f"type={kind}", f"value={escape(value)}"]
        for i, (kind, value) in enumerate(self.names, 1):
            lines += [f"[Alternative Name {i}]", f"kind={kind}", f"value={escape(value)}"]
        return "\n".join(lines) + "\n"


def run(*command, **more):
    """What it prints, as bytes; raises with its words if it fails."""
    result = subprocess.run(list(map(str, command)), capture_output=True, check=False, **more)
    if result.returncode:
        words = (result.stdout + result.stderr).decode(errors="replace")
        raise RuntimeError(f"{' '.join(map(str, command))}\n{words}")
    return result.stdout


class Place:
    """A folder in which recipes are shown and run."""

    def __init__(self, folder, request, title="client"):
        self.folder = pathlib.Path(folder)
        self.request = self.folder / "request.ini"
        self.request.write_text(request.text())
        self.title = title

    def path(self, name):
        return self.folder / name

    def show(self, part, *more):
        return run(RECIPE, "show", part, self.title, self.request, *more).decode()

    def sh(self, script, **more):
        """Runs it without a terminal, as a person would who pastes it."""
        path = self.folder / "script.sh"
        path.write_text(script)
        more.setdefault("stdin", subprocess.DEVNULL)
        if "input" in more:
            del more["stdin"]
        env = {**os.environ, "LC_ALL": "C.UTF-8"}
        command = ["sh", "-e", "script.sh"]
        return run(*command, cwd=self.folder, env=env, start_new_session=True, **more)

    def answer(self, script, question, answer, times):
        """Pastes it into a shell on a terminal of its own and answers a question so many times."""
        child, master = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.execvpe("sh", ["sh", "-ei"], {**os.environ, "PS1": "", "PS2": ""})
        os.write(master, script.encode())
        said, answered = "", 0
        with contextlib.suppress(OSError):  # the terminal is gone with its last user
            while part := os.read(master, 4096):
                said += part.decode(errors="replace")
                while answered < times and said.count(question) > answered:
                    os.write(master, f"{answer}\n".encode())
                    answered += 1
                    if answered == times:
                        os.write(master, b"exit\n")
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.close(master)
        check(status == 0 and answered == times, f"{status}, {answered} answers\n{said}")

    def ours(self, name, *arguments):
        path = self.folder / name
        path.write_bytes(run(RECIPE, *arguments))
        return path

    def expect_files(self, *names):
        mine = {"request.ini", "script.sh"}
        found = {path.name for path in self.folder.iterdir()} - mine
        check(found == set(names), f"the files are {sorted(found)}, not {sorted(names)}")


# DER, as far as it is needed here.


def read(data, at=0):
    """(tag, content, where the next one starts)"""
    tag, length, at = data[at], data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        length, at = int.from_bytes(data[at : at + count], "big"), at + count
    return tag, data[at : at + length], at + length


def parts(data):
    """The elements within a constructed one, each with its header."""
    _, content, _ = read(data)
    at, found = 0, []
    while at < len(content):
        end = read(content, at)[2]
        found.append(content[at:end])
        at = end
    return found


def der(kind, path):
    return run("openssl", kind, "-in", path, "-outform", "DER")


def read_certificate(path):
    """Its fields, without what is random or a moment; (serial number, days)."""
    tbs, algorithm, _ = parts(der("x509", path))
    version, serial, inner, issuer, _, subject, key, extensions = parts(tbs)
    fields = {
        "version": version,
        "signature": (algorithm, inner),
        "issuer": issuer,
        "subject": subject,
        "key": key,
        "extensions": sorted(parts(parts(extensions)[0])),
    }
    return fields, read(serial)[1]


def read_end(path):
    text = run("openssl", "x509", "-in", path, "-noout", "-enddate").decode()
    return datetime.datetime.strptime(text.strip(), "notAfter=%b %d %H:%M:%S %Y GMT")


def same_certificate(theirs, ours):
    (their_fields, their_serial), (our_fields, our_serial) = map(read_certificate, (theirs, ours))
    for name, value in our_fields.items():
        check(their_fields[name] == value, f"{name}:\n{their_fields[name]!r}\ninstead of\n{value!r}")
    check(their_serial != our_serial, "the same serial number")
    for serial in (their_serial, our_serial):
        check(serial[0] < 0x80 and 8 < len(serial) <= 20, f"serial number {serial.hex()}")
    ends = [read_end(path) for path in (theirs, ours)]
    # They are made one after the other.
    check(abs(ends[0] - ends[1]) < datetime.timedelta(minutes=10), f"valid until {ends}")


# What is asked for

ALL_TYPES = [
    ("CN", "steve@example.com"),
    ("O", "Example"),
    ("OU", "One"),
    ("OU", "Two"),
    ("OU", "One"),
    ("L", "Zürich"),
    ("ST", "ZH"),
    ("C", "ch"),
    ("emailAddress", "steve@example.com"),
    ("DC", "example"),
    ("DC", "com"),
    ("serialNumber", "7 (a)"),
    ("GN", "Steve"),
    ("SN", "Example"),
    ("title", "Dr"),
    ("UID", "steve"),
]
ALL_NAMES = [
    ("email", "steve@example.com"),
    ("email", "o'hara+$x`y`#{z}@example.com"),
    ("dns", "device.example.com"),
    ("dns", "*.example.com"),
    ("dns", "küche.example.com"),
    ("ip", "192.0.2.7"),
    ("ip", "2001:db8::7"),
    ("ip", "::ffff:192.0.2.7"),
    ("uri", "https://example.com/a?b=c&d=$e;f#g'h"),
    ("uri", "urn:example:a,b,c"),
    ("uri", "spiffe://example.com/ns/$(touch%20pwned)"),
    ("upn", "steve@corp.example.com"),
    ("upn", "jürg$x@corp.example.com"),
    ("other", "2.999.7;seven"),
    ("other", "2.999.8;a, b; \"c\" 'd' `e` $f \\g #h @i"),
    ("other", "2.999.9;Zürich, 日本"),
]
KNOWN_USAGES = [
    "1.3.6.1.5.5.7.3.%d" % i for i in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 21, 22)
] + ["2.5.29.37.0", "1.3.6.1.5.2.3.4", "1.3.6.1.5.2.3.5"]
KNOWN_USAGES += ["1.3.6.1.4.1.311.%s" % i for i in ("2.1.21", "2.1.22", "10.3.1", "10.3.4", "20.2.2")]


def requests():
    """(name, request) of all that is compared."""
    for kind in KINDS:
        yield kind, Request(kind=kind)
        if kind.startswith("rsa-2") or kind == "ec-p256":
            yield f"{kind} server", Request(kind=kind, usages=[SERVER, CLIENT])
    yield "all types", Request(ALL_TYPES)
    yield "other types", Request(
        [("2.5.4.9", "Main Street"), ("2.999.1", "a"), ("CN", "b"), ("2.999.1", "c"), ("2.999.2", "d")]
    )
    yield "all usages", Request(usages=KNOWN_USAGES + ["2.999.5"])
    yield "no usages", Request(usages=[])
    yield "only names", Request([], [("dns", "device.example.com")])
    yield "only names, no list", Request([], [("other", "2.999.1;a,b"), ("ip", "::1")])
    yield "all at once", Request(ALL_TYPES + [("2.999.1", "$x, 'y'")], ALL_NAMES, kind="rsa-2048")
    for name in ALL_NAMES:
        yield f"name {name[1]}", Request(names=[name])
    for text in HOSTILE:
        # A type that OpenSSL does not know takes another path than those that it does.
        unknown = [("2.999.1", text)] if HOSTILE.index(text) % 2 else []
        names = [("other", f"2.999.1;{text}")]
        yield f"hostile {text}", Request([("O", text), ("CN", text)] + unknown, names)


def compare_request(folder, request):
    place = Place(folder, request)
    place.sh(place.show("request"))
    key, theirs = place.path("client.key"), place.path("client.csr")
    place.expect_files("client.key", "client.csr")
    check(key.stat().st_mode & 0o777 == 0o600, "others can read the key")
    theirs, ours = der("req", theirs), der("req", place.ours("ours.csr", "request", place.request, key))
    check(parts(theirs)[:2] == parts(ours)[:2], f"{theirs.hex()}\ninstead of\n{ours.hex()}")


def compare_self_signed(folder, request):
    place = Place(folder, request)
    place.sh(place.show("self-sign"))
    place.expect_files("client.key", "client.crt")
    key, theirs = place.path("client.key"), place.path("client.crt")
    same_certificate(theirs, place.ours("ours.crt", "self-sign", place.request, key))


def compare_all(tap, compare, chosen):
    """Each in a folder of its own, as many at once as there are processors."""

    def one(item):
        name, request = item
        with tempfile.TemporaryDirectory() as folder:
            try:
                compare(folder, request)
            except Exception as error:  # pylint: disable=broad-except
                return f"{name}: {error}"
        return None

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        bad = [problem for problem in pool.map(one, chosen) if problem]
    for problem in bad:
        tap.note(problem)
    check(not bad, f"{len(bad)} of {len(chosen)} are not the same")


def test_file_names(folder):
    """Whatever it is called, the files are in this folder and are no options."""
    titles = ["../../etc/passwd", "-rf", "", "...", "$(touch pwned)", "Zürich", "a b\nc", "x" * 300]
    for i, title in enumerate(titles):
        place = Place(tempfile.mkdtemp(dir=folder), Request(), title)
        place.sh(place.show("request"))
        names = {path.name for path in place.folder.iterdir()}
        check(len(names) == 4 and not any(name[0] in "-." for name in names), f"{i}: {names}")


def test_key_is_kept(folder):
    place = Place(folder, Request())
    place.sh(place.show("request"))
    before = place.path("client.key").read_bytes()
    try:
        place.sh(place.show("request"))
    except RuntimeError as error:
        check("client.key" in str(error), error)
    else:
        raise AssertionError("the key was replaced")
    check(place.path("client.key").read_bytes() == before, "the key is another one")


def test_refused(folder):
    """What is not valid has no commands."""
    for bad in (Request([]), Request([("CN", " a")]), Request(names=[("dns", "a b")])):
        place = Place(folder, bad)
        for part in ("request", "self-sign", "sign"):
            result = subprocess.run(
                [RECIPE, "show", part, "x", place.request], capture_output=True, check=False
            )
            check(result.returncode == 1 and not result.stdout, f"{bad.text()} was shown")


# Signing


def sign_with(folder, authority, request, title="client"):
    """Key, request, and then all of the private CA, by the commands; the place."""
    place = Place(folder, request, title)
    place.path("authority.ini").write_text(authority.text())
    place.sh(place.show("request"))
    place.sh(place.show("sign", place.path("authority.ini")))
    return place


def revoke(place):
    """What is not run with the rest."""
    script = place.show("sign", place.path("authority.ini"))
    start = script.index("# openssl ca ")
    check("\nopenssl ca " not in script[:start], "it is revoked with the rest")
    place.sh(script[start:].replace("# openssl ca ", "openssl ca "))


def compare_signed(folder, authority, request):
    place = sign_with(folder, authority, request)
    key, certificate = place.path("ca.key"), place.path("ca.crt")
    check(key.stat().st_mode & 0o777 == 0o600, "others can read the CA's key")
    same_certificate(
        certificate, place.ours("ours-ca.crt", "authority", place.path("authority.ini"), key)
    )
    run("openssl", "req", "-in", place.path("client.csr"), "-outform", "DER", "-out", place.path("csr.der"))
    ours = place.ours("ours.crt", "sign", place.request, place.path("csr.der"), certificate, key)
    same_certificate(place.path("client.crt"), ours)
    trusting = ("verify", "-CAfile", certificate, "-CRLfile", place.path("ca.crl"))
    openssl(*trusting, "-crl_check", place.path("client.crt"))
    revoke(place)
    crl = run("openssl", "crl", "-in", place.path("ca.crl"), "-noout", "-text").decode()
    for words in ("Version 2", "Superseded", "X509v3 CRL Number", "X509v3 Authority Key Identifier"):
        check(words in crl, f"no {words} in\n{crl}")
    openssl(*trusting, place.path("client.crt"))
    try:
        openssl(*trusting, "-crl_check", place.path("client.crt"))
    except RuntimeError as error:
        check("revoked" in str(error), error)
    else:
        raise AssertionError("it is not revoked")


AUTHORITIES = [
    Request([("CN", "Example CA")], kind="ec-p384", days=3650, usages=[]),
    Request([("O", "$(touch pwned)"), ("CN", "it's")], kind="rsa-2048", days=730, usages=[]),
    Request([("CN", "Zürich CA"), ("2.999.1", "a")], kind="ed25519", days=400, usages=[]),
    Request([("CN", "Short CA")], kind="ec-p256", days=30, usages=[]),
]


# Verifying


class Chain:
    """A root, an intermediate and a leaf below it, to be spoilt."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.root = Authority(self.folder / "root", "Example Root CA")
        self.inter = Authority(self.folder / "inter", "Example CA", self.root)
        self.key = self.folder / "client.key"
        self.csr = self.folder / "client.csr"
        command = ("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        command += ("-config", self.root.config, "-subj", "/CN=steve@example.com")
        openssl(*command, "-keyout", self.key, "-out", self.csr)

    def leaf(self, name, *more, usage="clientAuth", by=None):
        path = self.folder / name
        by = by or self.inter
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"extendedKeyUsage={usage}\nbasicConstraints=critical,CA:FALSE\n")
        command = ("x509", "-req", "-in", self.csr, "-out", path, "-extfile", extensions)
        openssl(*command, "-CA", by.certificate, "-CAkey", by.folder / "ca.key", *(more or ("-days", 30)))
        return path

    def self_signed(self):
        path = self.folder / "self.crt"
        openssl("x509", "-req", "-in", self.csr, "-signkey", self.key, "-days", "30", "-out", path)
        return path

    def cases(self):
        """(name, the chain's certificates, whether it is good)"""
        good, root, inter = self.leaf("good.crt"), self.root.certificate, self.inter.certificate
        over = self.leaf("over.crt", "-days", "-1")
        server = self.leaf("server.crt", usage="serverAuth")
        direct = self.leaf("direct.crt", by=self.root)
        yield "good", [good, inter, root], True
        yield "no root", [good, inter], True
        yield "direct", [direct, root], True
        yield "self-signed", [self.self_signed()], True
        yield "alone", [good], True
        yield "expired", [over, inter, root], False
        yield "expired without root", [over, inter], False
        yield "not for a client", [server, inter, root], False


def write_chain(place, certificates):
    """As the recipes want to find it: the certificate, those above it."""
    shutil.copy(certificates[0], place.path("client.crt"))
    if len(certificates) > 1:
        above = "".join(path.read_text() for path in certificates[1:])
        place.path("ca.crt").write_text(above)
    chain = place.path("all.pem")
    chain.write_text("".join(path.read_text() for path in certificates))
    return chain


def test_verify(folder):
    chain = Chain(folder)
    for name, certificates, good in chain.cases():
        place = Place(tempfile.mkdtemp(dir=folder), Request())
        every = write_chain(place, certificates)
        shutil.copy(chain.key, place.path("client.key"))
        script = place.show("verify", "-", every)
        ours = subprocess.run([RECIPE, "verify", every], capture_output=True, check=False)
        check((ours.returncode == 0) == good, f"{name}: ours is {ours.returncode}: {ours.stderr}")
        try:
            said = place.sh(script).decode()
        except RuntimeError as error:
            check(not good, f"{name}: {error}")
            continue
        check(good, f"{name}: the command finds it good")
        keys = said.split("-----BEGIN PUBLIC KEY-----")[1:]
        check(len(keys) == 2 and keys[0].split("-----END")[0] == keys[1].split("-----END")[0], said)


# Converting


def test_convert(folder):
    chain = Chain(folder)
    good, _, _ = next(chain.cases())[1]
    certificates = [good, chain.inter.certificate, chain.root.certificate]
    place = Place(tempfile.mkdtemp(dir=folder), Request())
    place.title = "client"
    every = write_chain(place, certificates)
    shutil.copy(chain.key, place.path("client.key"))
    script = place.show("convert", "-", every)
    check(PASSPHRASE not in script and "pass:" not in script, "there is a passphrase in the commands")
    # Each passphrase is asked for twice where it is new: three times, and once to read.
    place.answer(script, "assword", PASSPHRASE, 7)

    key = run("openssl", "pkey", "-in", chain.key, "-pubout")
    password = ("-passin", f"pass:{PASSPHRASE}")
    for name in ("client.p12", "client-old.p12"):
        path = place.path(name)
        check(path.stat().st_mode & 0o777 == 0o600, f"others can read {name}")
        pem = run("openssl", "pkcs12", "-in", path, "-nodes", *password)
        check(run("openssl", "pkey", "-pubout", input=pem) == key, f"another key in {name}")
        check(pem.count(b"BEGIN CERTIFICATE") == 3, f"not three certificates in {name}")
        check(b"friendlyName: client" in pem, f"no name in {name}")
    info = [
        subprocess.run(
            ["openssl", "pkcs12", "-in", place.path(name), "-info", "-noout", *password],
            capture_output=True,
            check=True,
        ).stderr.decode()
        for name in ("client.p12", "client-old.p12")
    ]
    for words in ("MAC: sha256, Iteration 100000", "AES-256-CBC, Iteration 100000, PRF hmacWithSHA256"):
        check(words in info[0], f"no {words} in {info[0]}")
    for words in ("MAC: sha1", "pbeWithSHA1And3-KeyTripleDES-CBC"):
        check(words in info[1], f"no {words} in {info[1]}")

    encrypted = place.path("client-encrypted.key")
    check("BEGIN ENCRYPTED PRIVATE KEY" in encrypted.read_text(), "the key is not encrypted")
    check(run("openssl", "pkey", "-in", encrypted, "-pubout", *password) == key, "another key")
    leaf = der("x509", good)
    check(place.path("client.cer").read_bytes() == leaf, "the DER is another certificate")
    check(der("x509", place.path("client-from-der.crt")) == leaf, "it does not come back from DER")
    back = place.path("client-from-p7b.pem").read_text()
    for path in certificates[:2]:
        body = path.read_text().split("-----BEGIN CERTIFICATE-----")[1]
        check(body.strip() in back, f"{path} is not in the PKCS#7")


# Connecting


@contextlib.contextmanager
def server(command, port, host="127.0.0.1", log=None):
    process = subprocess.Popen(
        list(map(str, command)),
        stdin=subprocess.PIPE,
        stdout=log or subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_parent,
    )

    def listens():
        with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
            return True
        return process.poll() is not None

    try:
        wait_until(listens, 10)
        check(process.poll() is None, f"{command[0]} did not start")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


class Peers:
    """A chain, a server's key and certificate, and what the commands need beside them."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.chain = Chain(folder)
        self.good = self.chain.leaf("good.crt")
        self.over = self.chain.leaf("over.crt", "-days", "-1")
        names = "DNS:localhost,IP:127.0.0.1,IP:::1"
        self.chain.inter.make_server(self.folder / "server", names)

    def place(self, leaf):
        place = Place(tempfile.mkdtemp(dir=self.folder), Request())
        root, inter = self.chain.root.certificate, self.chain.inter.certificate
        self.every = write_chain(place, [leaf, inter, root])
        shutil.copy(self.chain.key, place.path("client.key"))
        shutil.copy(root, place.path("server-ca.pem"))
        return place

    def show(self, place, url, *more):
        return place.show("test", "-", self.every, url, *(more or ("own",)))

    def s_server(self, port):
        command = ["openssl", "s_server", "-accept", port, "-www", "-Verify", "3"]
        command += ["-verify_return_error", "-CAfile", self.chain.root.certificate]
        command += ["-cert", self.folder / "server" / "leaf.pem"]
        command += ["-cert_chain", self.chain.inter.certificate]
        return command + ["-key", self.folder / "server" / "server.key"]

    def mosquitto(self, port):
        config = self.folder / f"mosquitto-{port}.conf"
        folder = self.folder / "server"
        config.write_text(
            f"listener {port} 127.0.0.1\ncafile {self.chain.root.certificate}\n"
            f"certfile {folder / 'server.pem'}\nkeyfile {folder / 'server.key'}\n"
            "require_certificate true\nuse_identity_as_username true\nallow_anonymous true\n"
            f"user {pwd.getpwuid(os.getuid()).pw_name}\n"
        )
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        if not os.path.exists(program):
            raise Skip("no mosquitto")
        return [program, "-c", config]


def fails(place, script, words):
    try:
        said = place.sh(script)
    except RuntimeError as error:
        check(any(word in str(error) for word in words), error)
    else:
        raise AssertionError(f"it worked: {said.decode(errors='replace')}")


def test_web(folder):
    peers = Peers(folder)
    port = free_port()
    with server(peers.s_server(port), port):
        for url in (f"https://localhost:{port}/a?b=$c&d='e'", f"wss://127.0.0.1:{port}/ws"):
            place = peers.place(peers.good)
            said = place.sh(peers.show(place, url)).decode(errors="replace")
            check("Verify return code: 0 (ok)" in said, said)
            check("steve@example.com" in said, "the server did not see the certificate")
        place = peers.place(peers.over)
        fails(place, peers.show(place, f"https://localhost:{port}/"), ["alert certificate expired"])
        # With the system's CAs this server is nobody's.
        place = peers.place(peers.good)
        fails(place, peers.show(place, f"https://localhost:{port}/", "system"), ["verify error"])
        place = peers.place(peers.good)
        fails(place, peers.show(place, f"https://127.0.0.2:{port}/"), ["IP address mismatch"])


def test_mqtt(folder):
    if not shutil.which("mosquitto_pub"):
        raise Skip("no mosquitto_pub")
    peers = Peers(folder)
    port = free_port()
    with server(peers.mosquitto(port), port):
        publish = ("own", "v1/$x 'y'", '{"temperature":25, "a": "$(touch pwned)"}')
        for more in (publish, ("own",)):
            place = peers.place(peers.good)
            said = place.sh(peers.show(place, f"mqtts://localhost:{port}", *more)).decode()
            check("CONNACK (0)" in said, said)
            check(not place.path("pwned").exists(), "the payload was run")
        place = peers.place(peers.over)
        fails(place, peers.show(place, f"mqtts://localhost:{port}"), ["alert", "rror"])


def main():
    tap = Tap()
    chosen = list(requests())
    few = [item for item in chosen if not item[0].startswith(("rsa-3", "rsa-4", "name "))]

    tap.run(f"{len(chosen)} requests are the same", compare_all, tap, compare_request, chosen)
    tap.run(f"{len(few)} self-signed certificates are the same", compare_all, tap, compare_self_signed, few)
    signed = [(f"by {a.kind}: {name}", (a, r)) for a in AUTHORITIES[:1] for name, r in few[4:10]]
    signed += [(f"by {a.kind}", (a, dict(few)["all at once"])) for a in AUTHORITIES]
    tap.run(
        f"{len(signed)} certificates of a private CA are the same",
        compare_all,
        tap,
        lambda folder, both: compare_signed(folder, *both),
        signed,
    )
    for name, function in (
        ("files are named after the certificate", test_file_names),
        ("a key is not replaced", test_key_is_kept),
        ("what is not valid has no commands", test_refused),
        ("the verdict is the same", test_verify),
        ("every form reads back", test_convert),
        ("a web server takes it, or says why not", test_web),
        ("a broker takes it, or says why not", test_mqtt),
    ):
        with tempfile.TemporaryDirectory() as folder:
            tap.run(name, function, folder)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
