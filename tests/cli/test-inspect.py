#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""certwright-cli inspect: what it says, how it ends, and that its JSON is true."""

import http.server
import os
import re
import shutil
import socket
import sys
import threading
import zipfile

from cli import FINE, PROBLEM, UNREADABLE, USAGE, check, main, openssl, public_key_hash, same

CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
PASSPHRASE = "correct horse"


def usage(world):
    for arguments, word in (
        ((), "COMMAND"),
        (("frobnicate",), "frobnicate"),
        (("inspect", "--jsn", "x"), "--jsn"),
        (("inspect", "--profile", "nobody", "-"), "--profile"),
        (("inspect", "--at", "tomorrow", "-"), "--at"),
        (("inspect", "--passphrase-fd", "-7", "-"), "--passphrase-fd"),
        (("inspect", "--passphrase-fd", "x", "-"), "--passphrase-fd"),
        (("inspect", "--passphrase-fd", "0", "-"), "--passphrase-file"),
        (("inspect", "--passphrase-fd", "3", "--passphrase-file", "x", "-"), "--passphrase-fd"),
        (("list", "more"), "“more” is too much. Leave it out"),
        (("export", "x"), "--to"),
        (("export", "--to", "x"), "Name one"),
        (("export", "x", "--to", "y", "--format", "jks"), "--format"),
        (("delete", "x"), "--yes"),
    ):
        result = world.expect(USAGE, *arguments)
        check(word in result.err, f"{arguments}: {word!r} is not in {result.err!r}")
        same(result.out, b"", f"output of {arguments}")


def helps(world):
    names = re.findall(r"^  ([\w-]+) ", world.expect(FINE, "help").text, re.M)
    same(names, ["inspect", "request", "self-sign", "list", "import", "output", "test", "export", "commands",
                 "ca", "delete", "profile"], "commands")
    same(world.expect(FINE, "--help").text, world.expect(FINE, "help").text, "--help")
    for name in names:
        text = world.expect(FINE, name, "--help").text
        check(f"certwright-cli {name}" in text, text)
        same(world.expect(FINE, "help", name).text, text, f"help {name}")
    check(re.fullmatch(r"certwright-cli \d+\.\d+\.\d+\n", world.expect(FINE, "--version").text), "")


def fine(world):
    key, _, chain = world.client("fine")
    text = world.expect(FINE, "inspect", key, chain).text
    for words in ("Your certificate: steve@example.com", "fine.pem, line 1", "Private key, EC P-256",
                  "Certificate of the CA (intermediate): Example CA",
                  "Certificate of the CA (root): Example Root CA", "This certificate will work."):  # fmt: skip
        check(words in text, f"{words!r} is not in {text}")
    check("\033" not in text, "colours, and no terminal")


def problem(world):
    key, _, chain = world.client("late")
    later = world.expect(PROBLEM, "inspect", "--json", "--at", "2100-01-01", key, chain).json
    same(later["report"]["severity"], "problem", "severity")
    check("expired" in [finding["id"] for finding in later["report"]["findings"]], later)
    world.expect(PROBLEM, "inspect", "--at", "2100-01-01T12:00:00Z", key, chain)
    world.expect(FINE, "inspect", key, chain)


def unreadable(world):
    key, _, chain = world.client("some")
    empty = world.file("empty.pem", "")
    rubbish = world.file("rubbish.pem", bytes(range(256)))
    half = world.file("half.pem", chain.read_bytes()[:300])
    for path in (world.folder / "gone.pem", empty, rubbish, half):
        result = world.expect(UNREADABLE, "inspect", path)
        check(path.name in result.text, result.text)
        check("Unreadable" in result.text, result.text)
        check("Unreadable: Unreadable\n" not in result.text, result.text)
        (item,) = world.expect(UNREADABLE, "inspect", "--json", path).json["items"]
        check(path.name not in item["error"] and "line 1" not in item["error"], item)
        same("offset" in item, path == rubbish, f"an offset in {path.name}")
        # What else can be read does not make up for it, and is judged all the same.
        answer = world.expect(UNREADABLE, "inspect", "--json", key, chain, path).json
        same(answer["report"]["severity"], "good", "severity")
        check("error" in answer["items"][-1], answer)
        report = world.expect(UNREADABLE, "inspect", "--json", path).json["report"]
        check("severity" not in report, report)
    # It also wins over what is wrong with the certificate.
    world.expect(UNREADABLE, "inspect", "--at", "2100-01-01", key, chain, empty)
    # A file of which only a part is damaged is read as far as it can be.
    mixed = world.file("mixed.pem", chain.read_bytes() + half.read_bytes())
    result = world.expect(FINE, "inspect", key, mixed)
    check("Unreadable" in result.text, result.text)


def locked(world):
    key, _, chain = world.client("lock")
    bundle = world.pkcs12("lock.p12", PASSPHRASE, key, chain)
    right = world.file("right", PASSPHRASE + "\nanother line\n")
    windows = world.file("windows", PASSPHRASE + "\r\n")
    wrong = world.file("wrong", "battery\n")
    text = world.expect(UNREADABLE, "inspect", bundle).text
    check("Encrypted: " in text and "lock.p12" in text, text)
    check("--passphrase-file" in world.expect(UNREADABLE, "inspect", bundle).err, "what to do")
    answer = world.expect(UNREADABLE, "inspect", "--json", bundle).json
    same([item["kind"] for item in answer["items"]], ["locked"], "kinds")
    result = world.expect(UNREADABLE, "inspect", "--passphrase-file", wrong, bundle)
    check("The passphrase is wrong." in result.text, result.text)
    same(result.err, "", "what was done already is not asked for")
    for path in (right, windows):
        answer = world.expect(FINE, "inspect", "--json", "--passphrase-file", path, bundle).json
        kinds = sorted(item["kind"] for item in answer["items"])
        same(kinds, ["certificate"] * 3 + ["key"], "kinds")
    same({item["offset"] for item in answer["items"]}, {0}, "offsets")
    for path in (world.folder / "gone", world.file("nothing", "\n"), world.file("nul", b"a\0b\n")):
        result = world.expect(UNREADABLE, "inspect", "--passphrase-file", path, bundle)
        check(str(path) in result.err, result.err)


def descriptor(world):
    key, _, chain = world.client("fd")
    bundle = world.pkcs12("fd.p12", PASSPHRASE, key, chain)
    read_end, write_end = os.pipe()
    os.write(write_end, PASSPHRASE.encode() + b"\n")
    os.close(write_end)
    world.expect(
        FINE, "inspect", "--passphrase-fd", read_end, bundle, pass_fds=(read_end,)
    )
    os.close(read_end)
    world.expect(FINE, "inspect", "--passphrase-fd", 0, bundle, input=PASSPHRASE.encode())
    result = world.expect(UNREADABLE, "inspect", "--passphrase-fd", 99, bundle)
    check("--passphrase-fd 99" in result.err, result.err)


def standard_input(world):
    key, _, chain = world.client("stdin")
    data = chain.read_bytes() + key.read_bytes()
    for arguments in (("-",), ()):
        answer = world.expect(FINE, "inspect", "--json", *arguments, input=data).json
        same([item["role"] for item in answer["items"] if "role" in item],
             ["yours", "intermediate", "root"], "roles")  # fmt: skip
    world.expect(UNREADABLE, "inspect", "-", input=b"")
    answer = world.expect(FINE, "inspect", "--json", "-", chain, input=key.read_bytes()).json
    same(answer["items"][0]["kind"], "key", "first kind")


def containers(world):
    """A folder and a ZIP file are one thing that was given; what is in them has its place."""
    key, _, chain = world.client("inside")
    folder = world.folder / "reply.d"
    folder.mkdir()
    shutil.copy(chain, folder / "chain.pem")
    shutil.copy(key, folder / "client.key")
    (folder / "readme.bin").write_bytes(bytes(range(256)))
    zipped = world.folder / "reply.zip"
    with zipfile.ZipFile(zipped, "w") as file:
        for path in folder.iterdir():
            file.write(path, path.name)
    for path in (folder, zipped):
        answer = world.expect(FINE, "inspect", "--json", path).json
        places = {item["file"] for item in answer["items"] if "role" in item}
        same(places, {f"{path.name}/chain.pem"}, "places")
    empty = world.folder / "empty.d"
    empty.mkdir()
    world.expect(UNREADABLE, "inspect", empty)


def profile(world):
    key, _, chain = world.client("profile")
    text = world.expect(FINE, "inspect", "--profile", "placeos", key, chain).text
    check("This certificate will work with PlaceOS." in text, text)
    result = world.expect(USAGE, "inspect", "--profile", "nobody", key)
    check("placeos" in result.err, result.err)


def letter(world):
    key, request, chain = world.client("letter", names="email:b@example.com")
    leaf = world.folder / "other.pem"
    other = world.folder / "other.csr"
    command = ("req", "-new", "-config", world.authorities[0].config, "-key", key)
    openssl(*command, "-subj", "/CN=steve@example.com/O=Example", "-out", other)
    world.authorities[1].sign(other, leaf)
    # The request that is among the files says what had been asked for.
    files = (key, request, leaf, chain)
    answer = world.run("inspect", "--json", key, request, leaf).json
    texts = [finding["caText"] for finding in answer["report"]["findings"] if "caText" in finding]
    check(texts, answer)
    first = texts[0].splitlines()[0]
    text = world.run("inspect", *files[:3]).text
    check(first not in text and "--letter" in text, text)
    check(first in world.run("inspect", "--letter", *files[:3]).text, first)


def fetch(world):
    """The network is used only with --fetch, and then what came completes the chain."""
    root, inter = world.authorities[:2]
    asked = []

    class Issuer(http.server.BaseHTTPRequestHandler):
        """Whatever is asked for, it is the intermediate's certificate."""

        def do_GET(self):  # pylint: disable=invalid-name
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(inter.certificate.read_bytes())

        def log_message(self, format, *args):  # pylint: disable=redefined-builtin
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/ca.cer"
    with inter.config.open("a") as config:
        config.write("\n[fetchable]\nbasicConstraints = CA:FALSE\n"
                     f"authorityInfoAccess = caIssuers;URI:{address}\n")
    key, request, _ = world.client("fetch")
    leaf = world.folder / "fetchable.pem"
    inter.sign(request, leaf, extensions="fetchable")

    answer = world.run("inspect", "--json", key, leaf, root.certificate).json
    same(len(answer["chain"]), 1, "certificates of the chain")
    same(asked, [], "requests without --fetch")
    answer = world.run("inspect", "--json", "--fetch", key, leaf, root.certificate).json
    same(len(answer["chain"]), 3, "certificates of the chain")
    same(asked, ["/ca.cer"], "requests")
    check(address in [item["file"] for item in answer["items"]], answer["items"])
    server.shutdown()
    server.server_close()
    result = world.run("inspect", "--json", "--fetch", key, leaf, root.certificate)
    same(len(result.json["chain"]), 1, "certificates of the chain")
    check(address in result.err, result.err)


def key_unknown(world):
    """Nobody's: the newest that is not a CA's and has issued none of the others."""
    _, _, chain = world.client("nobody")
    answer = world.run("inspect", "--json", chain).json
    same(answer["chain"], [0, 1, 2], "chain")
    roles = [item["role"] for item in answer["items"]]
    same(roles, ["leaf", "intermediate", "root"], "roles")
    check("The certificate: steve@example.com" in world.run("inspect", chain).text, "role")
    check("key-missing" in [f["id"] for f in answer["report"]["findings"]], answer["report"])


def nothing_to_judge(world):
    """CAs alone, or a request: nothing is wrong with them, and nothing is promised."""
    _, request, _ = world.client("judge")
    for files in ((world.authorities[0].certificate,), (request,)):
        answer = world.expect(FINE, "inspect", "--json", *files).json
        same((answer["chain"], answer["report"]["findings"]), ([], []), "chain and findings")
        check("will work" not in answer["report"]["verdict"], answer["report"])
        check("severity" not in answer["report"], answer["report"])


def newest(world):
    """Of several certificates that could be meant, and none is anybody's: the newest."""
    _, request, _ = world.client("newest")
    inter = world.authorities[1]
    old, new = world.folder / "old.pem", world.folder / "new.pem"
    inter.sign(request, new)
    command = ("ca", "-batch", "-notext", "-rand_serial", "-config", inter.config)
    dates = ("-startdate", "20200101000000Z", "-extensions", "issued")
    openssl(*command, *dates, "-in", request, "-out", old)
    for files, wanted in (((old, new), 1), ((new, old), 0)):
        answer = world.run("inspect", "--json", *files, inter.certificate).json
        same(answer["chain"], [wanted, 2], "chain")


def no_bus(world):
    """It looks at files without a word to anybody: nothing is read over the bus."""
    key, _, chain = world.client("bus")
    path = world.folder / "bus"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        server.setblocking(False)
        env = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={path}"}
        world.expect(FINE, "inspect", key, chain, env=env)
        try:
            server.accept()
            raise AssertionError("it called the bus")
        except BlockingIOError:
            pass


def no_store(world):
    """Looking leaves nothing behind."""
    key, _, chain = world.client("trace")
    world.expect(FINE, "inspect", key, chain)
    world.expect(FINE, "list")
    check(not world.database.parent.exists(), "it made a store")


# The JSON, against what openssl says


def openssl_name(kind, path, which):
    line = openssl(kind, "-in", path, "-noout", f"-{which}", "-nameopt", "oneline,utf8,-esc_msb")
    return line.strip().partition("=")[2]


def check_certificate(item, path):
    def ask(*arguments):
        return openssl("x509", "-in", path, "-noout", *arguments).strip()

    same(item["subject"], openssl_name("x509", path, "subject"), "subject")
    same(item["issuer"], openssl_name("x509", path, "issuer"), "issuer")
    same(item["serial"].upper(), ask("-serial").partition("=")[2], "serial")
    for member, option in (("notBefore", "-startdate"), ("notAfter", "-enddate")):
        date = ask(option, "-dateopt", "iso_8601").partition("=")[2]
        same(item[member], date.replace(" ", "T"), member)
        check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item[member]), item[member])
    fingerprint = ask("-fingerprint", "-sha256").partition("=")[2]
    same(item["sha256"], fingerprint.replace(":", "").lower(), "sha256")
    same(item["spkiSha256"], public_key_hash("x509", path), "spkiSha256")
    same(item["ca"], "CA:TRUE" in ask("-ext", "basicConstraints"), "ca")
    same(item["selfSigned"], item["subject"] == item["issuer"], "selfSigned")


def json_members(world):
    subject = "/CN=Zoë 🔑/O=Example"
    names = "email:zoe@example.com,DNS:host.example.com,IP:192.0.2.7,URI:urn:example:zoe"
    key, request, chain = world.client("json", subject, names)
    root, inter = world.authorities
    crl = world.folder / "json.crl"
    openssl("ca", "-gencrl", "-crldays", 7, "-config", inter.config, "-out", crl)
    whole = world.file(
        "whole.pem",
        "".join(["hello\n\n", chain.read_text(), request.read_text(), crl.read_text()]),
    )
    answer = world.expect(FINE, "inspect", "--json", whole, key).json
    same(sorted(answer), ["chain", "items", "report", "version"], "members")
    same(answer["version"], 1, "version")
    items = answer["items"]
    kinds = ["certificate"] * 3 + ["request", "crl", "key"]
    same([item["kind"] for item in items], kinds, "kinds")
    same(answer["chain"], [0, 1, 2], "chain")
    roles = [item.get("role") for item in items[:3]]
    same(roles, ["yours", "intermediate", "root"], "roles")

    lines = whole.read_text().splitlines()
    starts = [number for number, line in enumerate(lines, 1) if line.startswith("-----BEGIN")]
    same([item["line"] for item in items[:5]], starts, "lines")
    same({item["file"] for item in items[:5]}, {"whole.pem"}, "files")
    same(items[5]["file"], "json.key", "file")

    for item, path in zip(items, (world.folder / "leaf-json.pem", inter.certificate,
                                  root.certificate)):  # fmt: skip
        check_certificate(item, path)
    same(items[0]["title"], "Zoë 🔑", "title")
    wanted = [("email", "zoe@example.com"), ("dns", "host.example.com"), ("ip", "192.0.2.7"),
              ("uri", "urn:example:zoe")]  # fmt: skip
    for item in (items[0], items[3]):
        same([(n["type"], n["value"]) for n in item["altNames"]], wanted, "altNames")
        same(item["usages"], [CLIENT_AUTH], "usages")
    same(items[1]["altNames"], [], "altNames")
    check("usages" not in items[1], "a CA without usages has some")

    same(items[3]["subject"], openssl_name("req", request, "subject"), "subject of the request")
    spki = public_key_hash("pkey", key)
    same(items[3]["spkiSha256"], spki, "spkiSha256 of the request")
    same(items[5]["spkiSha256"], spki, "spkiSha256 of the key")
    der = world.folder / "json.der"
    openssl("req", "-in", request, "-outform", "DER", "-out", der)
    digest = openssl("dgst", "-sha256", "-r", der).split()[0]
    same(items[3]["sha256"], digest, "sha256 of the request")

    same(items[4]["issuer"], openssl_name("crl", crl, "issuer"), "issuer of the CRL")
    for member, option in (("thisUpdate", "-lastupdate"), ("nextUpdate", "-nextupdate")):
        date = openssl("crl", "-in", crl, "-noout", option, "-dateopt", "iso_8601")
        same(items[4][member], date.strip().partition("=")[2].replace(" ", "T"), member)


def json_report(world):
    key, _, chain = world.client("report")
    answer = world.expect(FINE, "inspect", "--json", key, chain).json
    report = answer["report"]
    same(report["verdict"], "This certificate will work.", "verdict")
    same(report["severity"], "good", "severity")
    for finding in report["findings"]:
        check(re.fullmatch("[a-z0-9-]+", finding["id"]), finding)
        check(finding["severity"] in ("good", "note"), finding)
        check(finding["title"], finding)
        check(None not in finding.values(), finding)


def terminal(world):
    """Colour, and lines that fit: only there."""
    key, _, chain = world.client("tty")
    screen = world.terminal("inspect", key, chain)
    same(screen.end(), FINE, "status")
    check("Your certificate: steve@example.com" in screen.said, screen.said)
    check(max(map(len, screen.said.splitlines())) <= 80, screen.said)


if __name__ == "__main__":
    sys.exit(
        main(
            (
                ("/cli/inspect/no-store", no_store),
                ("/cli/usage", usage),
                ("/cli/help", helps),
                ("/cli/inspect/fine", fine),
                ("/cli/inspect/problem", problem),
                ("/cli/inspect/unreadable", unreadable),
                ("/cli/inspect/locked", locked),
                ("/cli/inspect/descriptor", descriptor),
                ("/cli/inspect/standard-input", standard_input),
                ("/cli/inspect/containers", containers),
                ("/cli/inspect/profile", profile),
                ("/cli/inspect/letter", letter),
                ("/cli/inspect/fetch", fetch),
                ("/cli/inspect/key-unknown", key_unknown),
                ("/cli/inspect/nothing-to-judge", nothing_to_judge),
                ("/cli/inspect/newest", newest),
                ("/cli/inspect/no-bus", no_bus),
                ("/cli/inspect/json/members", json_members),
                ("/cli/inspect/json/report", json_report),
                ("/cli/inspect/terminal", terminal),
            ),
            keyring="absent",
        )
    )
