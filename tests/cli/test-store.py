#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""certwright-cli's other commands: over the store and the keyring that the window uses."""

import contextlib
import os
import pathlib
import shutil
import sqlite3
import stat
import subprocess
import sys

from cli import (
    FINE, PROBLEM, UNREADABLE, USAGE, blocks, check, main, openssl, public_key_hash, same,
)  # fmt: skip

PASSPHRASE = "correct horse"
STORED = "id, title, request, key_fingerprint, csr, certificate, issuers"


def kept_keys(world):
    return {item["spki-sha256"] for item in world.session.keyring_items()}


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def empty(world):
    check("There are no certificates yet." in world.expect(FINE, "list").text, "list")
    same(world.expect(FINE, "list", "--json").json, {"version": 1, "identities": []}, "JSON")
    same(world.expect(FINE, "list", "--ids").out, b"", "ids")
    check(not world.database.exists(), "it made a store")


# request


def request(world):
    arguments = ("--common-name", "Zoë", "--subject", "O=Example", "--subject", "2.5.4.97=X",
                 "--alt-name", "email:zoe@example.com", "--alt-name", "ip:2001:db8::1",
                 "--usage", "clientAuth", "--usage", "1.3.6.1.4.1.99999.1",
                 "--key-kind", "ec-p384")  # fmt: skip
    result = world.expect(FINE, "request", *arguments)
    path = world.file("made.csr", result.out)
    text = openssl("req", "-in", path, "-noout", "-verify", "-text", "-nameopt", "oneline,utf8,-esc_msb")
    for words in ("CN = Zoë, O = Example, organizationIdentifier = X", "email:zoe@example.com",
                  "IP Address:2001:DB8:0:0:0:0:0:1", "TLS Web Client Authentication",
                  "1.3.6.1.4.1.99999.1", "384 bit", "verify OK"):  # fmt: skip
        check(words in text, f"{words!r} is not in {text}")
    ((identity, kept),) = world.rows("id, key_fingerprint")
    same(kept, public_key_hash("req", path), "fingerprint in the store")
    same(kept_keys(world), {kept}, "keys in the keyring")
    check(identity[:8] in result.err, result.err)


def request_profile(world):
    identity, path = world.request("placeos@example.com", "--profile", "placeos")
    same(dict(world.rows("id, profile_id"))[identity], "placeos", "profile")
    check("TLS Web Client" in openssl("req", "-in", path, "-noout", "-text"), "usage")
    result = world.expect(FINE, "request", "--common-name", "rsa", "--profile", "placeos")
    path = world.file("rsa.csr", result.out)
    check("3072 bit" in openssl("req", "-in", path, "-noout", "-text"), "the recommended kind")


def request_wrong(world):
    before = world.rows(STORED)
    for arguments, word in (
        ((), "--common-name"),
        (("--common-name", ""), "--common-name"),
        (("--common-name", "x", "--subject", "Example"), "--subject"),
        (("--common-name", "x", "--subject", "C=Example"), "--subject"),
        (("--common-name", "x", "--alt-name", "x@example.com"), "--alt-name"),
        (("--common-name", "x", "--alt-name", "phone:1"), "--alt-name"),
        (("--common-name", "x", "--alt-name", "ip:1.2.3"), "--alt-name"),
        (("--common-name", "x", "--usage", "everything"), "--usage"),
        (("--common-name", "x", "--key-kind", "rsa-512"), "--key-kind"),
        (("--common-name", "x", "--profile", "nobody"), "--profile"),
    ):
        result = world.expect(USAGE, "request", *arguments)
        check(word in result.err, f"{arguments}: {word!r} is not in {result.err!r}")
    there = world.file("there.csr", "mine")
    result = world.expect(PROBLEM, "request", "--common-name", "x", "--output", there)
    check("there.csr" in result.err and "--force" in result.err, result.err)
    for place in (world.folder, world.folder / "no" / "folder", "/dev/full"):
        result = world.expect(PROBLEM, "request", "--common-name", "x", "--output", place)
        check("Name a file" in result.err or "Give another name" in result.err, result.err)
    same(there.read_text(), "mine", "the file that was there")
    same(world.rows(STORED), before, "rows")
    world.expect(FINE, "request", "--common-name", "forced", "--key-kind", "ec-p256", "--output",
                 there, "--force")  # fmt: skip
    check("CERTIFICATE REQUEST" in there.read_text(), "it was not replaced")


# list and names


def listed(world):
    identities = world.expect(FINE, "list", "--json").json["identities"]
    rows = world.rows("id, title, key_fingerprint, profile_id")
    got = [(i["id"], i["title"], i["spkiSha256"], i.get("profile")) for i in identities]
    same(sorted(got), sorted(rows), "identities")
    same({i["state"] for i in identities}, {"waiting"}, "states")
    ids = world.expect(FINE, "list", "--ids").text.split()
    same(ids, [i["id"] for i in identities], "ids")
    text = world.expect(FINE, "list").text
    for identity, title, _, _ in rows:
        check(f"{identity[:8]}" in text and title in text, text)


def names(world):
    first, _ = world.request("twin")
    second, _ = world.request("twin")
    command = ("export", "--format", "request", "--to", "-")
    result = world.expect(USAGE, *command, "twin")
    check(first in result.err and second in result.err, result.err)
    for word in ("nobody", "", "zzz"):
        check("list" in world.expect(USAGE, *command, word).err, word)
    for word in (first, first[:9], "Zoë"):
        check("CERTIFICATE REQUEST" in world.expect(FINE, *command, word).text, word)
    for identity in (first, second):
        world.expect(FINE, "delete", "--yes", identity)


# import


def accept(world):
    identity, path = world.request("steve@example.com", "--profile", "placeos")
    first = world.sign(path, "first.pem")
    text = world.expect(FINE, "import", first).text
    same(text.count(f"Imported: “steve@example.com”, with the id {identity[:8]}."), 1, text)
    check("This certificate will work" in text, text)
    world.expect(FINE, "import", first)

    second = world.sign(path, "second.pem")
    before = world.rows(STORED)
    result = world.expect(PROBLEM, "import", second)
    check("--replace" in result.err, result.err)
    same(world.rows(STORED), before, "rows")
    world.expect(FINE, "import", "--replace", second)
    kept = dict(world.rows("id, certificate"))[identity]
    same(kept, blocks(second.read_text(), "CERTIFICATE")[0], "certificate")
    states = {i["id"]: i["state"] for i in world.expect(FINE, "list", "--json").json["identities"]}
    same(states[identity], "ready", "state")


def accept_problem(world):
    """It is taken in, and how it ends says that it will not work."""
    identity, path = world.request("flawed", "--alt-name", "email:flawed@example.com")
    leaf = world.folder / "flawed.pem"
    root, inter = world.authorities
    server = world.file("server.cnf", "extendedKeyUsage = serverAuth\n")
    openssl("x509", "-req", "-in", path, "-CA", inter.certificate, "-CAkey",
            inter.folder / "ca.key", "-days", 300, "-extfile", server, "-out", leaf)  # fmt: skip
    text = world.expect(PROBLEM, "import", leaf, inter.certificate, root.certificate).text
    check("Problem: " in text, text)
    check(dict(world.rows("id, certificate"))[identity], "it was not taken in")


def accept_again(world):
    """What is stored for a certificate stays when it comes again alone, and CAs can come later."""
    identity, path = world.request("again@example.com")
    root, inter = world.authorities
    world.sign(path, "again.pem")
    leaf = world.folder / "leaf-again.pem"

    def issuers():
        return len(blocks(dict(world.rows("id, issuers"))[identity], "CERTIFICATE"))

    world.expect(FINE, "import", leaf)
    same(issuers(), 0, "issuers that nobody has sent")
    result = world.expect(FINE, "import", inter.certificate)
    check(f"Imported: “again@example.com”, with the id {identity[:8]}." in result.text, result.text)
    same(issuers(), 1, "issuers after the intermediate came")
    before = world.rows(STORED)
    check("Nothing was changed." in world.expect(PROBLEM, "import", inter.certificate).err, "again")
    same(world.rows(STORED), before, "rows")
    world.expect(FINE, "import", root.certificate)
    same(issuers(), 2, "issuers after the root came")
    world.expect(FINE, "import", leaf)
    same(issuers(), 2, "issuers after the certificate came again")
    world.expect(FINE, "delete", "--yes", identity)


def import_beside(world):
    """A file that cannot be read is named, and the rest is taken in all the same."""
    key, _, chain = world.client("beside", "/CN=beside")
    bundle = world.pkcs12("beside.p12", PASSPHRASE, key, chain)
    before = world.rows(STORED)
    result = world.expect(UNREADABLE, "import", key, chain, bundle)
    check("--passphrase-file" in result.err and "beside.p12" in result.err, result.err)
    same(world.rows(STORED), before, "rows")
    result = world.expect(FINE, "import", world.file("beside.bin", b"\1\2\3"), key, chain,
                          world.folder / "gone.pem")  # fmt: skip
    check("beside.bin" in result.err and "gone.pem" in result.err, result.err)
    check("There is no file of this name." in result.err, result.err)
    check("Imported: “beside”" in result.text, result.text)
    (identity,) = world.row("beside", "id")
    world.expect(FINE, "delete", "--yes", identity)


def import_mismatch(world):
    """Neither a key is taken in alone beside a stranger's certificate, nor that certificate."""
    _, _, chain = world.client("mismatch", "/CN=mismatch")
    other, _, _ = world.client("other-key", "/CN=other")
    world.request("waits@example.com")
    before = world.rows(STORED)
    result = world.expect(PROBLEM, "import", chain, other)
    check("belongs to another certificate than “mismatch”" in result.err, result.err)
    result = world.expect(PROBLEM, "import", chain)
    check("“mismatch”" in result.err and "waits@example.com" in result.err, result.err)
    same(world.rows(STORED), before, "rows")
    (identity,) = world.row("waits@example.com", "id")
    world.expect(FINE, "delete", "--yes", identity)


def import_letter(world):
    identity, path = world.request("letter@example.com", "--alt-name", "email:l@example.com")
    inter = world.authorities[1]
    leaf = world.folder / "letter.pem"
    client = world.file("client.cnf", "extendedKeyUsage = clientAuth\n"
                        "keyUsage = critical, digitalSignature\n")  # fmt: skip
    openssl("x509", "-req", "-in", path, "-CA", inter.certificate, "-CAkey",
            inter.folder / "ca.key", "-days", 300, "-extfile", client, "-out", leaf)  # fmt: skip
    text = world.run("import", leaf).text
    check("--letter" in text, text)
    longer = world.run("import", "--letter", leaf).text
    check("--letter" not in longer and len(longer) > len(text), longer)
    world.expect(FINE, "delete", "--yes", identity)


def import_bundle(world):
    key, _, chain = world.client("bundle", "/CN=bundle")
    bundle = world.pkcs12("bundle.p12", PASSPHRASE, key, chain)
    passphrase = world.file("passphrase", PASSPHRASE)
    before = world.rows(STORED)
    check("still encrypted" in world.expect(UNREADABLE, "import", bundle).err, "no passphrase")
    wrong = world.file("wrong", "wrong")
    result = world.expect(UNREADABLE, "import", "--passphrase-file", wrong, bundle)
    check("passphrase is wrong" in result.err and "still encrypted" not in result.err, result.err)
    same(world.rows(STORED), before, "rows")
    world.expect(FINE, "import", "--profile", "placeos", "--passphrase-file", passphrase, bundle)
    spki = public_key_hash("pkey", key)
    same(world.row("bundle", "profile_id, key_fingerprint"), ("placeos", spki), "row")
    check(spki in kept_keys(world), "the key is not in the keyring")


def import_key(world):
    key, request_file, _ = world.client("alone", "/CN=alone")
    world.expect(FINE, "import", key, request_file)
    row = world.row("alone", "csr IS NULL, key_fingerprint")
    same(row, (0, public_key_hash("pkey", key)), "row")
    before = world.rows(STORED)
    result = world.expect(PROBLEM, "import", key)
    check("alone" in result.err, result.err)
    same(world.rows(STORED), before, "rows")


def import_nothing(world):
    _, request_file, chain = world.client("strange", "/CN=strange")
    before = world.rows(STORED)
    for status, path in (
        (PROBLEM, chain),
        (PROBLEM, world.authorities[0].certificate),
        (PROBLEM, request_file),
        (UNREADABLE, world.file("junk", b"\1\2\3")),
        (UNREADABLE, world.folder / "gone"),
    ):
        result = world.expect(status, "import", path)
        check("Nothing was changed." in result.err, result.err)
    same(world.rows(STORED), before, "rows")


def import_request(world):
    """What was sent to the CA, in place of what comes back."""
    _, own = world.request("sent@example.com")
    _, strange, _ = world.client("not-sent", "/CN=not-sent")
    before = world.rows(STORED)
    for path, words in ((own, "This is the request itself."), (strange, "Nothing was changed.")):
        result = world.expect(PROBLEM, "import", path)
        check(words in result.err, result.err)
    same(world.rows(STORED), before, "rows")


# output and export


def output(world):
    result = world.expect(USAGE, "output", "steve@example.com")
    check("--to" in result.err, result.err)
    same(result.out, b"", "output")
    os.umask(0)
    path = world.folder / "settings.yaml"
    result = world.expect(FINE, "output", "steve@example.com", "--to", path)
    check("Encrypted tab" in result.err, result.err)
    same(mode(path), 0o600, "mode")
    text = path.read_text()
    for word in ("https_private_key", "https_client_cert", "https_verify"):
        check(word in text, text)
    pem = "".join(line[2:] for line in text.splitlines(True) if line.startswith("  "))
    key = world.file("out.key", blocks(pem, "PRIVATE KEY")[0])
    same((public_key_hash("pkey", key),), world.row("steve@example.com", "key_fingerprint"), "key")

    path.write_text("mine")
    path.chmod(0o644)
    world.expect(PROBLEM, "output", "steve@example.com", "--to", path)
    same(path.read_text(), "mine", "the file that was there")
    world.expect(FINE, "output", "steve@example.com", "--to", path, "--force")
    same((mode(path), path.read_text()), (0o600, text), "file")
    same(world.expect(FINE, "output", "steve@example.com", "--to", "-").text, text, "output")
    text = world.expect(FINE, "output", "steve@example.com", "--output-id", "certificates").text
    check("https_client_cert" in text and "PRIVATE" not in text, text)


def output_useless(world):
    """It is written all the same, and it is said that it will not work."""
    settings = ("output", "steve@example.com", "--to", "-")
    text = world.expect(FINE, *settings).text
    check("Warning" not in world.expect(FINE, *settings).err, "of one that works")
    result = world.expect(FINE, "output", "flawed", "--profile", "placeos", "--to", "-")
    check("https_client_cert" in result.text, result.text)
    check("Warning: This certificate will not work with PlaceOS" in result.err, result.err)
    try:
        for severity, failed in ((0, False), (2, False), (3, True)):
            change(world, "test_verdict", "works")
            change(world, "test_severity", severity)
            change(world, "tested_at", 1700000000)
            result = world.expect(FINE, *settings)
            same(result.text, text, "what is written")
            same("Warning: Did not work on " in result.err, failed, f"after a test of {severity}")
    finally:
        for column, value in (("test_verdict", None), ("test_severity", 0), ("tested_at", 0)):
            change(world, column, value)


def output_wrong(world):
    for arguments, word in (
        (("--output-id", "nothing", "--to", "-"), "--output-id"),
        (("--profile", "nobody", "--to", "-"), "--profile"),
    ):
        result = world.expect(USAGE, "output", "steve@example.com", *arguments)
        check(word in result.err, result.err)
    check("--profile" in world.expect(USAGE, "output", "Zoë", "--to", "-").err, "no profile")
    result = world.expect(PROBLEM, "output", "placeos@example.com", "--to", "-")
    check("no certificate yet" in result.err, result.err)


OWN_PROFILE = """[Profile]
Name=Own
Comment=For tests
[Request]
KeyKinds=ec-p256
Usages=clientAuth
[Output key]
Name=Key
Type=pem
File=client.key
Sources=private-key
[Output cas]
Name=CAs
Type=pem
File=ca.pem
Sources=server-cas
[Output keystore]
Name=Keystore
Type=pkcs12
File=client.p12
[Output command]
Name=Command
Type=template
File=command.sh
Where1=Open a shell.
Where2=Run it.
Template=command.sh
Language=shell
[Set]
Outputs=key;cas;keystore;command;
"""


def own_profile(world, template):
    folder = pathlib.Path(world.session.env["XDG_DATA_HOME"]) / "certwright/profiles/own"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile.ini").write_text(OWN_PROFILE)
    (folder / "command.sh").write_text(template)
    return folder


def output_set(world):
    own_profile(world, "{{?file:cas}}set -- {{file:cas}}\nprintf %s {{file:key}} {{address}}\n")
    passphrase = world.file("set", PASSPHRASE + "\n")
    folder = world.folder / "it's $HOME"
    command = ("output", "steve@example.com", "--profile", "own", "--set", folder)
    check("--passphrase-file" in world.expect(USAGE, *command).err, "no passphrase")
    check(not folder.exists(), "nothing is written")
    command += ("--passphrase-file", passphrase)
    check("--to" in world.expect(USAGE, *command, "--to", "-").err, "--set with --to")
    world.expect(PROBLEM, *command)  # no address yet
    check(not folder.exists(), "nothing is written")
    error = " ".join(world.expect(PROBLEM, *command, "--address", "http://api.example.com").err.split())
    check("not encrypted" in error, error)
    error = " ".join(world.expect(PROBLEM, *command, "--address", "wss://api.example.com").err.split())
    check("is not an address for Own" in error, error)

    command += ("--address", "API.example.com:8443", "--server-cas", "system")
    result = world.expect(FINE, *command)
    names = ["client.key", "client.p12", "command.sh"]
    same(result.text.splitlines(), [str(folder / name) for name in names], "files")
    same(result.err.splitlines(), [f"Command, “{folder}/command.sh”:", "1: Open a shell.", "2: Run it."], "steps")
    same(sorted(path.name for path in folder.iterdir()), names, "files")
    same([mode(folder / name) & 0o77 for name in names[:2]], [0, 0], "modes")
    said = subprocess.run(["sh", folder / "command.sh"], stdout=subprocess.PIPE, check=True)
    same(said.stdout.decode(), f"{folder}/client.keyhttps://api.example.com:8443", "command")

    again = world.expect(FINE, *command)
    check((folder / "client-2.key").exists(), "a second set")
    check(f"“{folder}/command-2.sh”:" in again.err, again.err)
    command = ("output", "placeos@example.com", "--profile", "placeos", "--set", folder)
    check("--to" in world.expect(USAGE, *command).err, "no set")


def half_typed_address(world):
    """What the window keeps of an address is of no concern to what needs none."""
    own_profile(world, "{{!address}}nobody\n{{?address}}printf %s {{address}}\n")
    command = ("output", "steve@example.com", "--profile", "own", "--output-id", "command")
    try:
        for stored, wanted in (("https://", "nobody"), ("http://a.example", "nobody"),
                               (" A.example ", "https://a.example")):  # fmt: skip
            store_address(world, stored)
            text = world.expect(FINE, *command).text
            check(wanted in text, text)
    finally:
        store_address(world, None)


def store_address(world, address):
    change(world, "address", address)


def change(world, column, value):
    with contextlib.closing(sqlite3.connect(world.database)) as database, database:
        changed = database.execute(f"UPDATE identity SET {column} = ? WHERE title = 'steve@example.com'", (value,))
        same(changed.rowcount, 1, "rows")


def missing_cas(world):
    """A choice that is no longer there is not the system's."""
    own_profile(world, "{{!file:cas}}everybody\n")
    command = ("output", "steve@example.com", "--profile", "own", "--output-id")
    before = world.row("steve@example.com", "server_cas, server_cas_pem")
    try:
        change(world, "server_cas", 2)
        change(world, "server_cas_pem", None)
        for output in ("command", "cas"):
            error = " ".join(world.expect(PROBLEM, *command, output).err.split())
            check("chosen for the server are missing" in error, error)
        error = world.expect(PROBLEM, "test", "steve@example.com", "https://localhost:1").err
        check("are missing" in " ".join(error.split()), error)
        check("everybody" in world.expect(FINE, *command, "command", "--server-cas", "system").text, "system")
        check("PRIVATE KEY" in world.expect(FINE, *command, "key", "--to", "-").text, "a key needs none")
    finally:
        change(world, "server_cas", before[0])
        change(world, "server_cas_pem", before[1])


def profiles(world):
    folder = own_profile(world, "{{file:key}}\n")
    result = world.expect(FINE, "profile", "list")
    check(str(folder) in result.text and "placeos" in result.text, result.text)
    lines = [line.strip() for line in result.text.splitlines()]
    same(lines[lines.index("own  Own") + 1], "Outputs: key, cas, keystore, command", "outputs")
    check("Outputs: settings, key, certificates" in lines, lines)
    for command in ("request", "self-sign", "inspect", "import", "test", "output"):
        said = " ".join(world.expect(FINE, command, "--help").text.split())
        check("one of “profile list”" in said and "placeos" not in said, said)
    check(f"“{folder.parent}”" in " ".join(result.text.split()), result.text)
    for path in (folder, folder / "profile.ini"):
        check("own" in world.expect(FINE, "profile", "check", path).text, "no mistake")

    (folder / "command.sh").write_text("\n{{file:kye}}\n")
    error = " ".join(world.expect(PROBLEM, "profile", "check", folder).err.split())
    check("command.sh” has a mistake in line 2" in error, error)
    world.expect(FINE, "profile", "list")  # templates are read when they are needed
    (folder / "profile.ini").write_text(OWN_PROFILE.replace("Type=pkcs12", "Type=pkcs"))
    error = " ".join(world.expect(PROBLEM, "profile", "check", folder).err.split())
    check("line 19" in error and "“pkcs12” was probably meant" in error, error)
    result = world.expect(PROBLEM, "profile", "list")
    check("placeos" in result.text and "line 19" in result.err, result.err)
    for words in ((), ("check",), ("list", "x"), ("x",)):
        world.expect(USAGE, "profile", *words)
    shutil.rmtree(folder)


def export_pkcs12(world):
    passphrase = world.file("export", PASSPHRASE + "\n")
    path = world.folder / "steve.p12"
    command = ("export", "steve@example.com", "--to", path)
    check("--passphrase-file" in world.expect(USAGE, *command).err, "no passphrase")
    check(not path.exists(), "a file without a passphrase")
    world.expect(FINE, *command, "--passphrase-file", passphrase)
    same(mode(path), 0o600, "mode")
    listing = openssl("pkcs12", "-in", path, "-passin", f"pass:{PASSPHRASE}", "-nodes")
    same(len(blocks(listing, "CERTIFICATE")), 2, "certificates without the root")
    key = world.file("p12.key", blocks(listing, "PRIVATE KEY")[0])
    same((public_key_hash("pkey", key),), world.row("steve@example.com", "key_fingerprint"), "key")
    check("friendlyName: steve@example.com" in listing, listing)
    world.expect(PROBLEM, *command, "--passphrase-file", passphrase)
    world.expect(FINE, *command, "--passphrase-file", passphrase, "--force", "--with-root")
    listing = openssl("pkcs12", "-in", path, "-passin", f"pass:{PASSPHRASE}", "-nokeys")
    same(len(blocks(listing, "CERTIFICATE")), 3, "certificates with the root")
    world.expect(FINE, "inspect", "--passphrase-file", passphrase, path)


def export_others(world):
    passphrase = world.file("export", PASSPHRASE + "\n")
    (spki,) = world.row("steve@example.com", "key_fingerprint")
    root, inter = world.authorities

    def export(form, *more):
        path = world.folder / f"exported.{form}"
        path.unlink(missing_ok=True)
        arguments = ("--format", form, "--to", path, *more)
        world.expect(FINE, "export", "steve@example.com", *arguments)
        return path

    path = export("encrypted-key", "--passphrase-file", passphrase)
    same(mode(path), 0o600, "mode")
    check(path.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----"), path.read_text())
    same(public_key_hash("pkey", path, "-passin", f"pass:{PASSPHRASE}"), spki, "encrypted key")

    path = export("pem")
    same(mode(path), 0o600, "mode")
    same(public_key_hash("pkey", path), spki, "key")
    same(public_key_hash("x509", path), spki, "certificate")
    same(len(blocks(path.read_text(), "CERTIFICATE")), 2, "certificates")

    path = export("chain")
    same(mode(path), 0o666, "mode of what is public")
    chain = ["-CAfile", root.certificate, "-untrusted", inter.certificate]
    openssl("verify", "-purpose", "sslclient", *chain, path)
    same(len(blocks(path.read_text(), "CERTIFICATE")), 2, "certificates")
    check("PRIVATE" not in path.read_text(), "a key in the chain")
    same(len(blocks(export("chain", "--with-root").read_text(), "CERTIFICATE")), 3, "with root")
    same(public_key_hash("req", export("request")), spki, "request")

    for form in ("pem", "chain", "request"):
        for option, value in (("--passphrase-file", passphrase), ("--passphrase-fd", 0)):
            result = world.expect(USAGE, "export", "steve@example.com", "--format", form, "--to", "-",
                                  option, value)  # fmt: skip
            check(option in result.err, result.err)
            same(result.out, b"", "output")

    command = ("export", "placeos@example.com", "--to", "-", "--format")
    for form in ("chain", "pem"):
        check("no certificate yet" in world.expect(PROBLEM, *command, form).err, form)
    check("No request" in world.expect(PROBLEM, "export", "bundle", "--to", "-", "--format",
                                       "request").err, "no request")  # fmt: skip


def export_damaged(world):
    """What does not read back as what is stored is not handed out."""
    identity, _ = world.request("damaged@example.com")
    with contextlib.closing(sqlite3.connect(world.database)) as db, db:
        db.execute("UPDATE identity SET csr = ? WHERE id = ?", (b"0\1\2", identity))
    path = world.folder / "damaged.csr"
    result = world.expect(PROBLEM, "export", identity, "--format", "request", "--to", path)
    check("read back" in result.err, result.err)
    check(not path.exists(), "it was written")
    world.expect(FINE, "delete", "--yes", identity)


# delete


def delete(world):
    identity, path = world.request("gone@example.com")
    spki = public_key_hash("req", path)
    check(spki in kept_keys(world), "no key")
    check("--yes" in world.expect(USAGE, "delete", identity).err, "nobody to ask")
    check(identity in world.ids(), "deleted without a yes")
    world.expect(FINE, "delete", "--yes", identity)
    check(identity not in world.ids(), "it is still there")
    check(spki not in kept_keys(world), "its key is still there")
    world.expect(USAGE, "delete", "--yes", identity)


def delete_asked(world):
    identity, _ = world.request("asked@example.com")
    for answer, status, kept in (("\n", PROBLEM, True), ("n\n", PROBLEM, True),
                                 ("Y\n", FINE, False)):  # fmt: skip
        screen = world.terminal("delete", "asked@example.com")
        screen.expect("Delete “asked@example.com”?")
        check("its certificate cannot be used any more" in " ".join(screen.said.split()),
              screen.said)  # fmt: skip
        screen.type(answer)
        same(screen.end(), status, f"status after {answer!r}")
        same(identity in world.ids(), kept, f"there after {answer!r}")


# What goes wrong elsewhere


def read_only(world):
    """A store that cannot be opened is said, and files can be looked at all the same."""
    key, _, chain = world.client("damaged")
    good = world.database.read_bytes()
    world.database.write_bytes(b"no database at all, but something else" * 100)
    result = world.expect(PROBLEM, "list")
    check("certificates.db" in result.err, result.err)
    result = world.expect(FINE, "inspect", "--json", key, chain)
    check("certificates.db" in result.err, result.err)
    same(result.json["report"]["severity"], "good", "severity")
    world.database.write_bytes(good)


def no_keyring(world):
    world.session.kill_keyring()
    before = world.rows(STORED)
    result = world.expect(PROBLEM, "request", "--common-name", "x", "--key-kind", "ec-p256")
    check("keyring" in result.err.lower(), result.err)
    same(result.out, b"", "a request without its key")
    same(world.rows(STORED), before, "rows")
    world.expect(PROBLEM, "output", "steve@example.com", "--to", "-")
    world.expect(PROBLEM, "delete", "--yes", "steve@example.com")
    same(world.rows(STORED), before, "rows")


def locked_keyring(world):
    """What comes of a request whose key is not taken is not left lying about."""
    world.session.start_keyring(unlocked=False)
    before = world.rows(STORED)
    result = world.expect(PROBLEM, "request", "--common-name", "x", "--key-kind", "ec-p256")
    check("keyring" in result.err.lower(), result.err)
    same(result.out, b"", "a request without its key")
    same(world.rows(STORED), before, "rows")


if __name__ == "__main__":
    sys.exit(
        main(
            (
                ("/cli/list/empty", empty),
                ("/cli/request", request),
                ("/cli/request/profile", request_profile),
                ("/cli/request/wrong", request_wrong),
                ("/cli/list", listed),
                ("/cli/names", names),
                ("/cli/import/accept", accept),
                ("/cli/import/again", accept_again),
                ("/cli/import/problem", accept_problem),
                ("/cli/import/beside", import_beside),
                ("/cli/import/mismatch", import_mismatch),
                ("/cli/import/letter", import_letter),
                ("/cli/import/bundle", import_bundle),
                ("/cli/import/key", import_key),
                ("/cli/import/nothing", import_nothing),
                ("/cli/import/request", import_request),
                ("/cli/output", output),
                ("/cli/output/useless", output_useless),
                ("/cli/output/wrong", output_wrong),
                ("/cli/output/set", output_set),
                ("/cli/output/half-typed-address", half_typed_address),
                ("/cli/output/missing-cas", missing_cas),
                ("/cli/profiles", profiles),
                ("/cli/export/pkcs12", export_pkcs12),
                ("/cli/export/others", export_others),
                ("/cli/export/damaged", export_damaged),
                ("/cli/delete", delete),
                ("/cli/delete/asked", delete_asked),
                ("/cli/store/damaged", read_only),
                ("/cli/keyring/absent", no_keyring),
                ("/cli/keyring/locked", locked_keyring),
            )
        )
    )
