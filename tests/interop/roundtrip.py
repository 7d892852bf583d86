#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever certwright exports is taken in: by itself, and by those that it is for.

roundtrip.py CERTWRIGHT-CLI PROFILES

The command line makes the key and the request, a CA answers, and each form of
the export goes to openssl, GnuTLS, Java, Python and curl, and to a server that
lets nobody in without a certificate.
"""

import contextlib
import hashlib
import http.client
import json
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "session"))

# pylint: disable=wrong-import-position
from authority import Authority, openssl
from run import answers, check, free_port
from session import Session, die_with_parent, wait_until
from tap import Skip, Tap

KINDS = ("rsa-3072", "ec-p256", "ed25519")
PASSPHRASE = "correct horse"
NON_ASCII = "Zürich – Genève"


def run(*command, **more):
    """Runs a command and returns what it prints; raises with its words if it fails."""
    if not shutil.which(str(command[0])):
        raise Skip(f"{command[0]} is not installed")
    result = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=120, check=False, **more
    )
    words = result.stdout + result.stderr
    check(result.returncode == 0, f"{' '.join(map(str, command))}\n{words}")
    return words


def public_key(key, *options):
    """The fingerprint of a private key's public half."""
    command = ["openssl", "pkey", "-in", str(key), *options, "-pubout", "-outform", "DER"]
    result = subprocess.run(command, capture_output=True, check=False)
    check(result.returncode == 0, result.stderr.decode())
    return hashlib.sha256(result.stdout).hexdigest()


class World:
    """Two CAs, a server that wants a certificate, and certwright with a keyring."""

    def __init__(self, folder, program, profiles, stack):
        self.folder = pathlib.Path(folder)
        self.program = program
        share = self.path("share", "certwright")
        share.mkdir(parents=True)
        (share / "profiles").symlink_to(profiles)
        env = {"XDG_DATA_DIRS": f"{share.parent}:/usr/local/share:/usr/share"}
        self.session = stack.enter_context(Session(env=env))
        self.root = Authority(self.path("root"), "Client Root")
        self.intermediate = Authority(self.path("inter"), "Client Intermediate", self.root)
        self.server_root = Authority(self.path("server-root"), "Server Root")
        self.server_root.make_server(self.path("server"), "DNS:localhost,IP:127.0.0.1")
        self.passphrase = self.path("passphrase")
        self.passphrase.write_text(f"{PASSPHRASE}\n")
        self.port = None

    def path(self, *names):
        return self.folder.joinpath(*names)

    def certwright(self, *arguments, any_status=False):
        command = [self.program, *map(str, arguments)]
        result = self.session.run(
            command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, check=False
        )
        words = f"{' '.join(command)}\n{result.stdout}{result.stderr}"
        check(any_status or result.returncode == 0, f"ended with {result.returncode}: {words}")
        return result.stdout

    def start_server(self, stack):
        """It only knows the root: the intermediate has to come from the client."""
        self.port = free_port()
        command = ["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-www", "-quiet"]
        command += ["-cert", self.path("server", "server.pem"), "-key", self.path("server", "server.key")]
        command += ["-CAfile", self.root.certificate, "-Verify", "3", "-verify_return_error"]
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )
        stack.callback(process.wait)
        stack.callback(process.terminate)
        wait_until(lambda: answers(self.port), "start of the server", 20)

    def curl(self, *options):
        url = f"https://localhost:{self.port}/"
        trust = ("--cacert", self.server_root.certificate)
        return run("curl", "--silent", "--show-error", "--max-time", "30", *trust, *options, url)


class Export:
    """One key with its certificate, in each form that certwright writes."""

    def __init__(self, world, kind):
        self.world = world
        self.kind = kind
        self.id = None
        world.path(kind).mkdir()

    def path(self, name):
        return self.world.path(self.kind, name)

    def write(self, form, name, *options):
        path = self.path(name)
        self.world.certwright("export", self.id, f"--format={form}", f"--to={path}", *options)
        return path

    @property
    def protected(self):
        return f"--passphrase-file={self.world.passphrase}"

    @property
    def pem(self):
        return self.path("all.pem")

    @property
    def chain(self):
        return self.path("chain.pem")

    @property
    def encrypted_key(self):
        return self.path("encrypted.key")

    @property
    def pkcs12(self):
        return self.path("all.p12")


def only_id(world):
    ids = world.certwright("list", "--ids").split()
    check(len(ids) == 1, f"there are {len(ids)} entries")
    return ids[0]


def enrol(export):
    world, request = export.world, export.path("request.csr")
    names = ("--alt-name=email:steve@example.com", "--alt-name=dns:device.example.com")
    world.certwright("request", "--common-name=steve@example.com", "--subject=O=Zürich AG", *names,
                     f"--key-kind={export.kind}", "--profile=placeos", f"--output={request}")
    export.id = only_id(world)
    leaf, reply = export.path("leaf.pem"), export.path("reply.pem")
    world.intermediate.sign(request, leaf)
    parts = (leaf, world.intermediate.certificate, world.root.certificate)
    reply.write_text("".join(part.read_text() for part in parts))
    world.certwright("import", reply)


def write_all(export):
    export.write("pem", "all.pem")
    export.write("chain", "chain.pem")
    export.write("request", "exported.csr")
    export.write("encrypted-key", "encrypted.key", export.protected)
    export.write("pkcs12", "all.p12", export.protected)
    export.world.certwright("output", export.id, f"--to={export.path('settings.yml')}")
    for name in ("all.pem", "encrypted.key", "all.p12", "settings.yml"):
        mode = export.path(name).stat().st_mode & 0o777
        check(mode == 0o600, f"{name} has the mode {mode:o}")


# The request


def request_with_openssl(export):
    text = openssl("req", "-in", export.path("exported.csr"), "-noout", "-verify", "-subject",
                   "-nameopt", "utf8,sep_comma_plus")
    check("verify OK" in text and "O=Zürich AG" in text, text)


def request_with_gnutls(export):
    text = run("certtool", "--crq-info", "--infile", export.path("exported.csr"))
    check("Self signature: verified" in text, text)


def request_with_java(export):
    text = run("keytool", "-printcertreq", "-file", export.path("exported.csr"))
    check("steve@example.com" in text, text)


def request_with_certwright(export):
    same = export.path("request.csr").read_text() == export.path("exported.csr").read_text()
    check(same, "the exported request is another one")
    # There is no certificate yet, which a report may call a problem.
    text = export.world.certwright("inspect", "--json", export.path("exported.csr"), any_status=True)
    check([item["kind"] for item in json.loads(text)["items"]] == ["request"], text)


# Key, certificate and chain


def pem_with_openssl(export):
    run("openssl", "pkey", "-in", export.pem, "-noout", "-check")
    pem = export.pem.read_text()
    check(pem.count("BEGIN CERTIFICATE") == 2, "not leaf and intermediate")
    check("-----BEGIN PRIVATE KEY-----" in pem, "not PKCS#8")
    check(pem.endswith(export.chain.read_text()), "the chain is another one")
    text = openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile",
                   export.world.root.certificate, "-untrusted", export.chain, export.chain)
    check(": OK" in text, text)


def pem_with_gnutls(export):
    text = run("certtool", "--key-info", "--infile", export.pem)
    check("Public Key Info" in text, text)
    whole = export.path("with-root.pem")
    export.write("chain", "with-root.pem", "--with-root")
    text = run("certtool", "--verify-chain", "--infile", whole)
    check("Verified" in text, text)


def pem_with_python(export):
    fetch(export, lambda context: context.load_cert_chain(export.pem))


def pem_with_curl(export):
    check("steve@example.com" in export.world.curl("--cert", export.pem), "the server saw another")


def chain_with_java(export):
    text = run("keytool", "-printcert", "-file", export.chain)
    check("steve@example.com" in text and "Client Intermediate" in text, text)


def encrypted_key_with_openssl(export):
    key = public_key(export.encrypted_key, "-passin", f"pass:{PASSPHRASE}")
    check(key == public_key(export.pem), "it is another key")
    result = subprocess.run(
        ["openssl", "pkey", "-in", str(export.encrypted_key), "-passin", "pass:x", "-noout"],
        capture_output=True,
        check=False,
    )
    check(result.returncode != 0, "any passphrase opens it")


def encrypted_key_with_gnutls(export):
    run("certtool", "--key-info", "--password", PASSPHRASE, "--infile", export.encrypted_key)


def encrypted_key_with_python(export):
    files = (export.chain, export.encrypted_key)
    fetch(export, lambda context: context.load_cert_chain(*files, password=PASSPHRASE))


def encrypted_key_with_curl(export):
    text = export.world.curl(
        "--cert", export.chain, "--key", export.encrypted_key, "--pass", PASSPHRASE
    )
    check("steve@example.com" in text, "the server saw another")


def fetch(export, load):
    """With Python: nothing may ask for a passphrase."""
    context = ssl.create_default_context(cafile=export.world.server_root.certificate)
    load(context)
    connection = http.client.HTTPSConnection(
        "localhost", export.world.port, timeout=30, context=context
    )
    with contextlib.closing(connection):
        connection.request("GET", "/")
        text = connection.getresponse().read().decode(errors="replace")
    check("steve@example.com" in text, "the server saw another")


# PKCS#12


def pkcs12_with_openssl(export):
    path = export.path("from-p12.pem")
    run("openssl", "pkcs12", "-in", export.pkcs12, "-passin", f"pass:{PASSPHRASE}", "-nodes",
        "-out", path)
    check(public_key(path) == public_key(export.pem), "it is another key")
    check(path.read_text().count("BEGIN CERTIFICATE") == 2, "not leaf and intermediate")


def pkcs12_with_gnutls(export):
    text = run("certtool", "--p12-info", "--inder", "--password", PASSPHRASE, "--infile",
               export.pkcs12)
    check(text.count("BEGIN CERTIFICATE") == 2 and "PRIVATE KEY" in text, text)


def pkcs12_with_java(export):
    text = run("keytool", "-list", "-v", "-keystore", export.pkcs12, "-storetype", "PKCS12",
               "-storepass", PASSPHRASE)
    check("PrivateKeyEntry" in text and "Certificate chain length: 2" in text, text)
    # Into another keystore: that takes the key out.
    path = export.path("java.p12")
    run("keytool", "-importkeystore", "-noprompt", "-srckeystore", export.pkcs12, "-srcstorepass",
        PASSPHRASE, "-destkeystore", path, "-deststorepass", PASSPHRASE, "-deststoretype", "PKCS12")
    key = public_key(path, "-passin", f"pass:{PASSPHRASE}")
    check(key == public_key(export.pem), "it is another key")


def pkcs12_with_curl(export):
    text = export.world.curl(
        "--cert-type", "P12", "--cert", export.pkcs12, "--pass", PASSPHRASE
    )
    check("steve@example.com" in text, "the server saw another")


def pkcs12_not_ascii(export):
    passphrase = export.path("not-ascii")
    passphrase.write_text(f"{NON_ASCII}\n")
    path = export.write("pkcs12", "not-ascii.p12", f"--passphrase-file={passphrase}")
    key = public_key(path, "-passin", f"pass:{NON_ASCII}")
    check(key == public_key(export.pem), "it is another key")
    if shutil.which("certtool"):
        run("certtool", "--p12-info", "--inder", "--password", NON_ASCII, "--infile", path)
    inspected = json.loads(export.world.certwright(
        "inspect", "--json", f"--passphrase-file={passphrase}", path))
    check(len(inspected["items"]) == 3, inspected)


# The consumer's settings


def settings_with_curl(export):
    text = export.path("settings.yml").read_text()
    files = {}
    for name in ("https_private_key", "https_client_cert"):
        block = re.search(rf"{name}: \|\n((?:[ ]+.*\n)+)", text)
        check(block, f"{name} is not a literal block")
        files[name] = export.path(name)
        files[name].write_text(re.sub("(?m)^ +", "", block.group(1)))
    text = export.world.curl("--cert", files["https_client_cert"], "--key", files["https_private_key"])
    check("steve@example.com" in text, "the server saw another")


# Back again


def inspected(export, names, options):
    """What certwright says of its own files: their key and certificates, and that all is fine."""
    files = [export.path(name) for name in names]
    found = json.loads(export.world.certwright("inspect", "--json", *options, *files))
    kinds = [item["kind"] for item in found["items"]]
    check(sorted(kinds) == ["certificate", "certificate", "key"], kinds)


def comes_back(export, names, options):
    """Deleted, taken in from the files, and written again: the same text."""
    world = export.world
    before = export.pem.read_text()
    world.certwright("delete", "--yes", export.id)
    world.certwright("import", *options, *[export.path(name) for name in names])
    export.id = only_id(world)
    again = export.write("pem", "again.pem", "--force").read_text()
    check(again == before, f"{names} came back as something else")


def refused_without(export):
    """The server means it; otherwise nothing above would say anything."""
    try:
        export.world.curl()
    except AssertionError:
        return
    raise AssertionError("the server takes anybody")


def refused_without_intermediate(export):
    try:
        export.world.curl("--cert", export.path("leaf.pem"), "--key", export.pem)
    except AssertionError:
        return
    raise AssertionError("the server does not look at the chain")


STEPS = {
    "request": (request_with_openssl, request_with_gnutls, request_with_java,
                request_with_certwright),
    "pem": (pem_with_openssl, pem_with_gnutls, pem_with_python, pem_with_curl),
    "chain": (chain_with_java, refused_without, refused_without_intermediate),
    "encrypted-key": (encrypted_key_with_openssl, encrypted_key_with_gnutls,
                      encrypted_key_with_python, encrypted_key_with_curl),
    "pkcs12": (pkcs12_with_openssl, pkcs12_with_gnutls, pkcs12_with_java, pkcs12_with_curl,
               pkcs12_not_ascii),
    "settings": (settings_with_curl,),
}

# Files that bring key and certificates back, and whether a passphrase is needed.
BACK = {
    "pem": (("all.pem",), False),
    "encrypted-key": (("encrypted.key", "chain.pem"), True),
    "pkcs12": (("all.p12",), True),
    "settings": (("settings.yml",), False),
}


def judge(tap, world, kind):
    export = Export(world, kind)
    name = f"/roundtrip/{kind}"
    if not tap.run(f"{name}/enrol", enrol, export) or not tap.run(f"{name}/export", write_all, export):
        return
    for form, steps in STEPS.items():
        for step in steps:
            peer = step.__name__.replace("_", "-").removeprefix(f"{form}-")
            tap.run(f"{name}/{form}/{peer}", step, export)
    for form, (files, passphrase) in BACK.items():
        options = [export.protected] if passphrase else []
        tap.run(f"{name}/back/{form}-inspected", inspected, export, files, options)
        tap.run(f"{name}/back/{form}-imported", comes_back, export, files, options)
    world.certwright("delete", "--yes", export.id)


def main(program, profiles):
    tap = Tap()
    if not shutil.which("openssl"):
        tap.skip_rest("the openssl command is not installed")
        return tap.end()
    with tempfile.TemporaryDirectory(prefix="cw-") as folder, contextlib.ExitStack() as stack:
        world = World(folder, program, profiles, stack)
        world.start_server(stack)
        for kind in KINDS:
            judge(tap, world, kind)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
