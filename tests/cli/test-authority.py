#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Self-signing, and a private CA: what they make, as openssl sees it."""

import contextlib
import sqlite3
import sys

from cli import FINE, PROBLEM, UNREADABLE, USAGE, blocks, check, main, openssl, public_key_hash, same

CA = ("ca", "sign", "--ca", "Example CA", "--yes")


def text_of(path):
    return openssl("x509", "-in", path, "-noout", "-text", "-nameopt", "utf8,sep_comma_plus_space")


def refused(world, status, word, *arguments, **more):
    result = world.expect(status, *arguments, **more)
    check(word in result.err, f"no {word!r} in {result.err!r}")
    check("BEGIN" not in result.text, "something was printed")
    return result


def self_signed(world):
    path = world.folder / "own.crt"
    made = world.expect(
        FINE, "self-sign", "--common-name", "device", "--alt-name", "dns:device.example.com",
        "--key-kind", "ec-p256", "--days", "40", "--usage", "serverAuth", "-o", path,
    )  # fmt: skip
    check("device" in made.err, made.err)
    said = text_of(path)
    for words in ("CA:FALSE", "DNS:device.example.com", "TLS Web Server Authentication", "Subject: CN=device"):
        check(words in said, f"no {words} in {said}")
    openssl("verify", "-CAfile", path, path)
    openssl("x509", "-in", path, "-noout", "-checkend", 39 * 86400)
    try:
        openssl("x509", "-in", path, "-noout", "-checkend", 41 * 86400)
    except RuntimeError:
        pass
    else:
        raise AssertionError("it is valid for longer than asked for")
    key = world.folder / "own.pem"
    world.expect(FINE, "export", "--format", "pem", "--to", key, "device")
    same(public_key_hash("pkey", key), public_key_hash("x509", path), "the key's hash")
    same(world.expect(FINE, "list", "--json").json["identities"][0]["state"], "ready", "state")


def self_sign_misuse(world):
    before = world.ids()
    for arguments, word in (
        ((), "--common-name"),
        (("--common-name", "x", "--days", "0x"), "days"),
        (("--common-name", "x", "--days", "-1"), "--days"),
        (("--common-name", "x", "--days", "0"), "--days"),
        (("--common-name", "The server", "--profile", "nginx"), "host name"),
        (("--common-name", "x", "--days", "99999"), "--days"),
        (("--common-name", "x", "--alt-name", "x"), "--alt-name"),
    ):
        refused(world, USAGE, word, "self-sign", *arguments)
    refused(world, PROBLEM, "own.crt", "self-sign", "--common-name", "x", "-o", world.folder / "own.crt")
    same(world.ids(), before, "certificates")


def none_yet(world):
    check("ca create" in world.expect(FINE, "ca", "list").text, "no hint")
    same(world.expect(FINE, "ca", "list", "--json").json, {"version": 1, "authorities": []}, "JSON")
    refused(world, USAGE, "ca create", "ca", "sign", "--yes", world.client("none")[1])
    refused(world, USAGE, "device", "ca", "crl", "device")
    refused(world, USAGE, "frob", "ca", "frob")
    world.expect(USAGE, "ca")


def create(world):
    path = world.folder / "ca.crt"
    world.expect(FINE, "ca", "create", "--common-name", "Example CA", "--subject", "O=Example", "-o", path)
    said = text_of(path)
    for words in ("CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign", "P-384", "CN=Example CA, O=Example"):
        check(words in said, f"no {words} in {said}")
    openssl("verify", "-x509_strict", "-CAfile", path, path)
    refused(world, USAGE, "--common-name", "ca", "create")
    refused(world, USAGE, "--days", "ca", "create", "--common-name", "x", "--days", "0")
    same(world.expect(FINE, "ca", "list", "--json").json["authorities"][0]["issued"], [], "issued")


def sign_file(world):
    """The answer goes to standard output alone, and openssl takes it."""
    _, request, _ = world.client("one")
    answer = world.expect(FINE, *CA, request)
    path = world.file("one.crt", answer.text)
    same(len(blocks(answer.text, "CERTIFICATE")), 1, "certificates")
    openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", world.folder / "ca.crt", path)
    same(public_key_hash("x509", path), public_key_hash("req", request), "the key's hash")
    for words in ("steve@example.com", "a@example.com", "about to sign"):
        check(words in answer.err, f"no {words} in {answer.err}")
    both = world.expect(FINE, *CA, "--with-root", "-", input=request.read_bytes())
    same(len(blocks(both.text, "CERTIFICATE")), 2, "certificates with the root")


def sign_several(world):
    """None of them is signed unseen; the same one twice is one."""
    requests = [world.client(name)[1].read_text() for name in ("first", "second", "third")]
    before = world.expect(FINE, "ca", "list", "--json").json
    for content, n in (("".join(requests), 3), (requests[0] + requests[1] + requests[0], 2)):
        both = world.file("several.csr", content)
        refused(world, UNREADABLE, f"There are {n} certificate requests", *CA, both)
        refused(world, UNREADABLE, "There are", *CA, "-", input=both.read_bytes())
    same(world.expect(FINE, "ca", "list", "--json").json, before, "issued")
    world.expect(FINE, *CA, world.file("twice.csr", requests[0] * 2))


def shows_all(world):
    """However long it is: nothing hides behind what comes first."""
    units = "".join(f"/OU={letter * 60}" for letter in "abc")
    name = "x" * 60 + "." + "y" * 60 + "." + "z" * 60 + "." + "w" * 30 + ".example.com"
    for subject in (f"/CN=admin-at-last{units}", f"{units}/CN=admin-at-last"):
        _, request, _ = world.client("long", subject=subject, names=f"DNS:{name}")
        said = "".join(world.expect(FINE, *CA, request).err.split())
        for words in ("admin-at-last", "a" * 60, "b" * 60, "c" * 60, name):
            check(words in said, f"no {words} in {said}")


def host_named(world):
    """Nobody looks at the common name of a server's certificate: a name is added, and said."""
    key, request = world.folder / "host.key", world.folder / "host.csr"
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-subj", "/CN=localhost", "-out", request)
    answer = world.expect(FINE, *CA, "--server", request)
    check("Added" in answer.err and "localhost" in answer.err, answer.err)
    path = world.file("host.crt", answer.text)
    openssl("verify", "-verify_hostname", "localhost", "-CAfile", world.folder / "ca.crt", path)
    given = world.expect(FINE, *CA, "--server", "--add-name", "dns:www.example.com", request)
    check("DNS:localhost" not in text_of(world.file("www.crt", given.text)), "the common name too")
    made = world.expect(FINE, "request", "--common-name", "192.0.2.7", "--profile", "nginx")
    said = openssl("req", "-noout", "-text", "-in", world.file("asked.csr", made.text))
    check("IP Address:192.0.2.7" in said, said)
    world.expect(FINE, "delete", "--yes", "192.0.2.7")


def sign_changed(world):
    _, request, _ = world.client("two", names="email:a@example.com,DNS:b.example.com")
    path = world.folder / "two.crt"
    result = world.expect(
        FINE, *CA, "--server", "--drop-name", "email:a@example.com", "--add-name", "ip:192.0.2.7",
        "--days", "36000", request, "--to", path,
    )  # fmt: skip
    said = text_of(path)
    for words in ("IP Address:192.0.2.7", "DNS:b.example.com", "TLS Web Server Authentication"):
        check(words in said, f"no {words} in {said}")
    for words in ("a@example.com", "TLS Web Client"):
        check(words not in said.replace("steve@example.com", ""), f"{words} in {said}")
    for words in ("Dropped", "Added", "outlives"):
        check(words in result.err, f"no {words} in {result.err}")
    ends = [openssl("x509", "-in", each, "-noout", "-enddate") for each in (path, world.folder / "ca.crt")]
    same(*ends, "the end is the CA's")
    for arguments, word in (
        (("--drop-name", "dns:c.example.com"), "c.example.com"),
        (("--add-name", "c.example.com"), "--add-name"),
        (("--server", "--client"), "--client"),
        (("--usage", "frob"), "--usage"),
        (("--days", "-3"), "--days"),
        (("--days", "0"), "--days"),
        (("--ca", "nobody"), "nobody"),
    ):
        refused(world, USAGE, word, "ca", "sign", "--yes", *arguments, request)
    refused(world, PROBLEM, "two.crt", *CA, request, "--to", path)
    refused(world, PROBLEM, "host name", *CA, "--server", "--drop-name", "dns:b.example.com", request)


def hostile(world):
    """What nobody asks for in good faith is said, and not granted."""
    key, path = world.folder / "bad.key", world.folder / "bad.csr"
    command = ("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    command += ("-config", world.authorities[0].config, "-subj", "/CN=bad", "-keyout", key)
    openssl(*command, "-addext", "basicConstraints=critical,CA:TRUE", "-out", path)
    result = world.expect(FINE, *CA, path)
    check("Not granted" in result.err, result.err)
    check("CA:FALSE" in text_of(world.file("bad.crt", result.text)), "it is a CA")
    json = world.expect(FINE, *CA, "--json", path).json
    same([one["hostile"] for one in json["ignored"]], [True], "hostile")

    broken = bytearray(path.read_bytes())
    at = broken.rindex(b"-----END") - 8
    broken[at] = ord("A") if broken[at] != ord("A") else ord("B")
    refused(world, UNREADABLE, "", *CA, world.file("broken.csr", bytes(broken)))
    refused(world, UNREADABLE, "ca.crt", *CA, world.folder / "ca.crt")
    refused(world, USAGE, "missing.csr", *CA, "missing.csr")


def sign_waiting(world):
    """One that waits here has its answer at once."""
    waiting, _ = world.request("waiting@example.com")
    result = world.expect(FINE, *CA, waiting, "--json")
    same(world.row("waiting@example.com", "id")[0], waiting, "id")
    states = {one["id"]: one["state"] for one in world.expect(FINE, "list", "--json").json["identities"]}
    same(states[waiting], "ready", "state")
    path = world.file("waiting.crt", result.json["certificate"]["pem"])
    same(result.json["asked"]["usages"], ["1.3.6.1.5.5.7.3.2"], "asked")
    openssl("verify", "-CAfile", world.folder / "ca.crt", path)
    drafts = world.expect(FINE, "list", "--json").json["identities"]
    check(all(one["state"] != "waiting" for one in drafts), drafts)


def asks(world):
    """Without --yes a person is asked; a no signs nothing."""
    _, request, _ = world.client("three")
    path = world.folder / "three.crt"
    refused(world, USAGE, "--yes", "ca", "sign", request)
    before = world.expect(FINE, "ca", "list", "--json").json
    terminal = world.terminal("ca", "sign", request, "--to", path)
    terminal.expect("Sign it?")
    check("steve@example.com" in terminal.said, terminal.said)
    terminal.type("n\n")
    same(terminal.end(), PROBLEM, "status after no")
    check(not path.exists(), "it was written")
    same(world.expect(FINE, "ca", "list", "--json").json, before, "issued")
    terminal = world.terminal("ca", "sign", request, "--to", path)
    terminal.expect("Sign it?")
    terminal.type("y\n")
    same(terminal.end(), FINE, "status after yes")
    openssl("verify", "-CAfile", world.folder / "ca.crt", path)


def revocations(world, *files):
    """What inspect says of it, who has no list."""
    findings = world.run("inspect", "--json", *files).json["report"]["findings"]
    return [one["severity"] for one in findings if one["id"] == "revoked"]


def revoke_own(world):
    """The list says it of a certificate that is kept here."""
    def row():
        identities = world.expect(FINE, "list", "--json").json["identities"]
        return next(one for one in identities if one["title"] == "waiting@example.com")

    same(row()["state"], "ready", "state before")
    check("Private CA · Valid until" in world.expect(FINE, "list").text, "no kind")
    check("Revoked on" not in world.expect(FINE, "list").text, "it is listed as revoked before it is")
    for name in ("steve@example.com", "nobody"):  # several, none
        refused(world, USAGE, name, "ca", "revoke", "--yes", "Example CA", name)
    world.expect(FINE, "ca", "revoke", "--yes", "Example CA", "waiting@example.com")
    same(row()["state"], "revoked", "state")
    check("Revoked on" in world.expect(FINE, "list").text, "it is not listed as revoked")


def revoke(world):
    ca, crl, leaf = world.folder / "ca.crt", world.folder / "ca.crl", world.folder / "one.crt"
    serial = openssl("x509", "-in", leaf, "-noout", "-serial").strip().split("=")[1]
    checked = ("verify", "-crl_check", "-CAfile", ca, "-CRLfile", crl, leaf)
    world.expect(FINE, "ca", "crl", "Example CA", "--to", crl)
    openssl(*checked)
    for arguments, word in (
        (("Example CA", "00"), "00"),
        (("Example CA", ""), "serial"),
        (("Example CA",), "serial"),
        (("Example CA", serial, "--reason", "boredom"), "--reason"),
        (("device", serial), "device"),
    ):
        refused(world, USAGE, word, "ca", "revoke", "--yes", *arguments)
    refused(world, USAGE, "--yes", "ca", "revoke", "Example CA", serial)
    same(revocations(world, leaf, ca), [], "before it is revoked")
    world.expect(FINE, "ca", "revoke", "--yes", "--reason", "keyCompromise", "Example CA", serial.lower())
    check("before" in world.expect(FINE, "ca", "revoke", "--yes", "Example CA", serial).err, "twice")
    same(revocations(world, leaf, ca), ["problem"], "after that, without a list")
    same(revocations(world, leaf), ["problem"], "without its CA")
    same(revocations(world, world.folder / "two.crt", ca), [], "of another one")
    (listed,) = world.expect(FINE, "ca", "list", "--json", "Example CA").json["authorities"]
    reasons = {one["serial"]: one.get("reason") for one in listed["issued"]}
    same(reasons.pop(serial.lower()), "keyCompromise", "reason")
    same(set(reasons.values()), {None}, "the others' reasons")
    check("Revoked" in world.expect(FINE, "ca", "list").text, "it is not listed as revoked")
    revoke_own(world)

    refused(world, PROBLEM, "ca.crl", "ca", "crl", "--to", crl)
    openssl(*checked)  # the old list
    world.expect(FINE, "ca", "crl", "--days", "7", "--to", crl, "--force")
    said = openssl("crl", "-in", crl, "-noout", "-text", "-CAfile", ca)
    check("Key Compromise" in said and "verify OK" in said, said)
    try:
        openssl(*checked)
    except RuntimeError as error:
        check("revoked" in str(error), error)
    else:
        raise AssertionError("it is not revoked")
    refused(world, USAGE, "--days", "ca", "crl", "--days", "0")


def revocation_unknown(world):
    """A record that cannot be read is said, and not taken for one of what is not revoked."""
    leaf, good = world.folder / "one.crt", world.database.read_bytes()
    with contextlib.closing(sqlite3.connect(world.database)) as db, db:
        db.execute("UPDATE issued SET certificate = x'3003020101'")
    findings = world.expect(FINE, "inspect", "--json", leaf).json["report"]["findings"]
    (said,) = [one for one in findings if one["id"] in ("revoked", "revocation-unknown")]
    same((said["id"], said["severity"]), ("revocation-unknown", "warning"), "finding")
    check("certificates.db" in said["remedy"], said)
    check("could not be looked up" in world.expect(FINE, "inspect", leaf).text, "not in words")
    world.database.write_bytes(good)
    same(revocations(world, leaf), ["problem"], "when it can be read again")


def unwritten(world):
    """What is made stays made where it cannot be written, and is to be had again."""
    for command, name, form in ((("request",), "unwritten request", "request"),
                                (("self-sign",), "unwritten certificate", "chain"),
                                (("ca", "create"), "Unwritten CA", "chain")):  # fmt: skip
        with open("/dev/full", "wb") as full:
            result = world.expect(PROBLEM, *command, "--common-name", name, stdout=full)
        said = " ".join(result.err.split())
        (made,) = world.row(name, "id")
        check("cannot be written" in said and f"export {made[:8]}" in said and "is made; its" not in said, said)
        path = world.folder / f"{form}-again.pem"
        world.expect(FINE, "export", name, "--format", form, "--to", path, "--force")
        same(public_key_hash("req" if form == "request" else "x509", path), world.row(name, "key_fingerprint")[0], name)
        world.expect(FINE, "delete", "--yes", name)


if __name__ == "__main__":
    sys.exit(
        main(
            (
                ("/cli/self-sign/made", self_signed),
                ("/cli/self-sign/misuse", self_sign_misuse),
                ("/cli/ca/none-yet", none_yet),
                ("/cli/ca/create", create),
                ("/cli/ca/sign/file", sign_file),
                ("/cli/ca/sign/several", sign_several),
                ("/cli/ca/sign/all-shown", shows_all),
                ("/cli/ca/sign/host-named", host_named),
                ("/cli/ca/sign/changed", sign_changed),
                ("/cli/ca/sign/hostile", hostile),
                ("/cli/ca/sign/waiting", sign_waiting),
                ("/cli/ca/sign/asks", asks),
                ("/cli/ca/revoke", revoke),
                ("/cli/ca/revocation-unknown", revocation_unknown),
                ("/cli/ca/unwritten", unwritten),
            )
        )
    )
