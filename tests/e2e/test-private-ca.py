#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that are signed here: by themselves, and by a private CA that is kept here.

What comes out is judged by the openssl command.
"""

import os
import pathlib
import re
import subprocess
import sys

from scenario import World, blocks, check, main, openssl, same

LOOKS = {name: value for name, value in os.environ.items() if name.startswith("ADW_DEBUG_")}
CA = "Test CA"
SELF = "device-7.example.com"
HOST = "server.example.com"
WAITING = "pump-3"


def fits(world, name):
    """Whether this screen is as narrow as it was made; with CERTWRIGHT_LOOKS, a picture of it."""
    app, folder = world.app, os.environ.get("CERTWRIGHT_LOOKS")
    for width in (1000, 360) if folder else (360,):
        app.resize(width, 700)
        if folder:
            app.picture(pathlib.Path(folder) / f"ca-{name}-{width}.png")
    check(app.minimum_width() <= 360, f"{name} needs {app.minimum_width()} pixels")


def run(*arguments, **options):
    """The openssl command: its exit status, and what it wrote."""
    command = ["openssl", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return done.returncode, done.stdout + done.stderr


def text_of(certificate):
    return openssl("x509", "-in", certificate, "-noout", "-text")


def stored(world, title):
    """The certificate in the store, as a PEM file."""
    pem = dict(world.rows("title, certificate"))[title]
    check(pem, f"{title} has no certificate")
    path = world.folder / f"{title}.pem"
    path.write_text(pem)
    return path


def choose(app, name):
    """Chooses a radio button or ticks a check button."""
    app.point(app.find("check", name))
    app.wait_for(lambda: app.find("check", name).checked, f"{name} chosen")


def strike(app, name):
    app.point(app.find("check", name))
    app.wait_for(lambda: not app.find("check", name).checked, f"{name} struck")


def begin(world, profile, signer):
    app = world.app
    world.begin_purpose()
    app.find("label", "Who Signs It?")
    choose(app, profile)
    choose(app, signer)
    fits(world, "purpose")
    app.click("button", "Next")
    app.find("label", "Who Is It For?")


def request(world, name, *arguments):
    """A request that the openssl command has made, with its key beside it."""
    path = world.folder / f"{name}.csr"
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-new", *key, "-keyout", world.folder / f"{name}.key", "-out", path,
            "-subj", f"/CN={name}", *arguments)
    return path


def save_as(world, label, name):
    path = world.folder / name
    world.app.point(world.app.find("label", label))
    world.app.choose_file(path, "Save")
    world.app.wait_for(path.exists, f"{name} saved")
    return path


def verify(world, certificate, *arguments):
    return run("verify", "-x509_strict", "-CAfile", world.folder / "ca.pem", *arguments, certificate)


def open_authority(world):
    world.home()
    world.open(CA)
    world.app.find("label", "For Servers and Devices")


def offer(world, path):
    """To the page that asks for a request, and the request to it."""
    app = world.app
    app.click("button", "Sign a Request…")
    app.find("label", "Which Request?")
    app.click("button", "Choose File…")
    app.choose_file(path, "Open")


def test_self_signed(world: World):
    app = world.start()
    begin(world, "ThingsBoard Device", "Myself (self-signed)")
    app.set_text("Name of the device", SELF)
    app.click("button", "Next")
    app.find("label", "How Long Will It Be Valid?")
    app.says("The keyring “")
    app.find("spin", "Days").set_value(30)
    fits(world, "key")
    app.click("button", "Next")
    app.says(re.compile("^30 days, until "))
    fits(world, "review")
    app.click("button", "Create Certificate")
    app.wait_for(lambda: world.rows("certificate")[0][0], "the certificate", 40)

    path = stored(world, SELF)
    same(run("verify", "-x509_strict", "-CAfile", path, path)[0], 0, "its own signature")
    same(run("x509", "-in", path, "-noout", "-checkend", str(29 * 86400))[0], 0, "after 29 days")
    same(run("x509", "-in", path, "-noout", "-checkend", str(31 * 86400))[0], 1, "after 31 days")
    text = text_of(path)
    check("TLS Web Client Authentication" in text and "CA:FALSE" in text, text)
    same(world.rows("csr IS NULL, signer"), [(1, 1)], "no request, self-signed")
    world.home()


def test_create(world: World):
    app = world.app
    app.click("button", "Main Menu")
    app.click("menu-item", "New Private CA…")
    app.find("label", "What Is the CA Called?")
    app.set_text("Name of the CA", CA)
    fits(world, "authority-subject")
    app.click("button", "Next")
    app.says("The keyring “")
    check(app.find("check", "EC P-384").checked, "another kind of key is chosen")
    fits(world, "authority-key")
    app.click("button", "Next")
    app.find("label", "Review")
    fits(world, "authority-review")
    app.click("button", "Create CA")
    app.find("label", "For Servers and Devices", limit=40)
    app.says("Nothing yet")
    fits(world, "authority-empty")

    path = save_as(world, "Export CA Certificate…", "ca.pem")
    text = text_of(path)
    check("CA:TRUE, pathlen:0" in text and "Certificate Sign, CRL Sign" in text, text)
    check("(384 bit)" in text, text)
    same(run("x509", "-in", path, "-noout", "-checkend", str(3650 * 86400))[0], 0, "ten years")
    same(verify(world, path)[0], 0, "the CA's own certificate")
    world.home()
    app.says("Private CA · Valid until ")
    fits(world, "list")


def test_sign(world: World):
    """A request of the openssl command: a name struck, one added, server in place of client."""
    app = world.app
    names = f"subjectAltName=DNS:{HOST},DNS:evil.example.com"
    path = request(world, HOST, "-addext", names, "-addext", "extendedKeyUsage=clientAuth")
    open_authority(world)
    app.click("button", "Sign a Request…")
    app.find("label", "Which Request?")
    fits(world, "sign-source")
    app.click("button", "Choose File…")
    app.choose_file(path, "Open")
    app.find("label", "Who Asks?")
    app.says(f"CN = {HOST}")
    fits(world, "sign")
    choose(app, "Prove which server answers (server authentication)")
    strike(app, "Prove who is calling (client authentication)")
    strike(app, "evil.example.com")
    app.type_into("Add a name or address", "no name")
    app.key("Return")
    app.says(re.compile("no name"))
    app.type_into("Add a name or address", "192.0.2.7")
    app.key("Return")
    app.find("check", "192.0.2.7")
    app.find("spin", "Days").set_value(90)
    app.click("button", "Sign Certificate")
    app.find("label", "Signed")
    fits(world, "sign-done")

    leaf = save_as(world, "Save Certificate…", "leaf.crt")
    same(verify(world, leaf, "-purpose", "sslserver", "-verify_hostname", HOST)[0], 0, "as a server")
    check(verify(world, leaf, "-purpose", "sslclient")[0] != 0, "it passes as a client")
    text = text_of(leaf)
    check("evil" not in text and "IP Address:192.0.2.7" in text, text)
    same(run("x509", "-in", leaf, "-noout", "-checkend", str(91 * 86400))[0], 1, "after 91 days")
    full = save_as(world, "Save Certificate with Chain…", "full.crt").read_text()
    same([pem + "\n" for pem in blocks(full, "CERTIFICATE")],
         [leaf.read_text(), (world.folder / "ca.pem").read_text()], "the full chain")
    app.click("button", "Done")
    app.find("label", HOST)
    fits(world, "authority")


def test_refused(world: World):
    """What nobody may have is not granted without a word, and the rest is refused."""
    app = world.app
    open_authority(world)
    path = request(world, "greedy", "-addext", "basicConstraints=critical,CA:TRUE")
    offer(world, path)
    app.find("label", "Asked For, but Not Granted")
    app.says("To be a CA (basic constraints)")
    fits(world, "sign-ignored")
    app.click("button", "Sign Certificate")
    app.find("label", "Signed")
    leaf = save_as(world, "Save Certificate…", "greedy.crt")
    check("CA:FALSE" in text_of(leaf) and "CA:TRUE" not in text_of(leaf), text_of(leaf))
    app.click("button", "Done")

    der = subprocess.run(
        ["openssl", "req", "-in", str(path), "-outform", "DER"], check=True, capture_output=True
    ).stdout
    forged = world.folder / "forged.csr"
    forged.write_bytes(der.replace(b"greedy", b"honest"))
    offer(world, forged)
    app.says(re.compile("signature"))
    check(not app.exists("button", "Sign Certificate"), "it can be signed")
    fits(world, "sign-refused")
    offered = world.folder / "ca.pem"
    app.click("button", "Choose File…")
    app.choose_file(offered, "Open")
    app.says("That is a certificate, not a request.")
    app.click("button", "Back")
    app.find("label", "For Servers and Devices")


def test_revoke(world: World):
    app = world.app
    leaf = world.folder / "leaf.crt"
    open_authority(world)
    before = save_as(world, "Write Revocation List…", "before.crl")
    same(verify(world, leaf, "-crl_check", "-CRLfile", before)[0], 0, "before it is revoked")
    app.point(app.find("label", HOST))
    app.find("button", "Revoke…")
    fits(world, "issued")
    app.point(app.find("label", "Reason"))
    choose(app, "Somebody else may have the private key")
    app.click("button", "Revoke…")
    app.wait_for(lambda: len(app.windows()) == 2, "the question")
    app.respond("Revoke")
    app.says(re.compile("^Revoked on "))
    fits(world, "issued-revoked")
    app.click("button", "Back")
    app.says(re.compile("^Revoked on "))

    crl = save_as(world, "Write Revocation List…", "after.crl")
    status, text = verify(world, leaf, "-crl_check", "-CRLfile", crl)
    check(status != 0 and "certificate revoked" in text, text)
    status, text = run("crl", "-in", crl, "-noout", "-text", "-CAfile", world.folder / "ca.pem")
    check("verify OK" in text and "Key Compromise" in text, text)
    other = world.folder / "greedy.crt"
    same(verify(world, other, "-crl_check", "-CRLfile", crl)[0], 0, "another certificate")


def test_waiting(world: World):
    """A request that was made here is signed here, and used."""
    app = world.app
    world.home()
    app.click("button", "Get a Client Certificate")
    app.find("label", "What Is It For?")
    choose(app, "PlaceOS Driver or Module")
    choose(app, "A CA elsewhere")
    app.click("button", "Next")
    app.set_text("Name or e-mail address", WAITING)
    app.click("button", "Next")
    world.choose_key("EC P-256")
    app.click("button", "Next")
    app.click("button", "Create Request")
    app.find("label", "Send the Request", limit=40)
    open_authority(world)
    fits(world, "authority-waiting")
    app.click("button", f"Sign {WAITING}")
    app.find("label", "Who Asks?")
    app.click("button", "Sign Certificate")
    app.says(f"“{WAITING}” has its certificate now.")
    app.click("button", "Use It")
    app.find("label", "Where to Paste It")
    same(verify(world, stored(world, WAITING), "-purpose", "sslclient")[0], 0, "its certificate")


def test_issued_draft(world: World):
    """Key, request and certificate in one go."""
    app = world.app
    world.home()
    begin(world, "Web Server (nginx)", CA)
    app.set_text("Host name", "shop.example.com")
    fits(world, "server-subject")
    app.click("button", "Next")
    app.find("spin", "Days").set_value(30000)
    app.says("no certificate outlives its CA")
    app.click("button", "Next")
    app.says(re.compile("^Until .*, when its CA ends$"))
    app.click("button", "Create Certificate")
    app.wait_for(lambda: dict(world.rows("title, certificate"))["shop.example.com"], "it", 40)
    leaf = stored(world, "shop.example.com")
    same(verify(world, leaf, "-purpose", "sslserver", "-verify_hostname", "shop.example.com")[0], 0,
         "as a server")

    folder = world.folder / "server"
    folder.mkdir()
    (folder / "server.crt").write_text("that of last year")
    open_authority(world)
    app.point(app.find("label", "shop.example.com"))
    app.point(app.find("label", "Save with Key for nginx…"))
    app.choose_file(folder, "Open")
    app.says("Saved: server-2.key, server-2.crt, fullchain-2.pem, tls-2.conf")
    fits(world, "issued-server")
    key = folder / "server-2.key"
    same(key.stat().st_mode & 0o777, 0o600, "the key's mode")
    same(openssl("pkey", "-in", key, "-pubout"),
         openssl("x509", "-in", folder / "fullchain-2.pem", "-noout", "-pubkey"), "the key")
    same((folder / "server.crt").read_text(), "that of last year", "what was there")


def test_delete(world: World):
    app = world.app
    open_authority(world)
    app.click("button", "Delete…")
    app.wait_for(lambda: len(app.windows()) == 2, "the question")
    fits_dialog = app.texts(app.window())
    check(any("revo" in text or "sign" in text for text in fits_dialog), fits_dialog)
    app.respond("Delete")
    app.find("button", "Main Menu")
    check(CA not in dict(world.rows("title, id")), "it is still there")
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    {"env": LOOKS},
                    (
                        ("/private-ca/self-signed", test_self_signed),
                        ("/private-ca/create", test_create),
                        ("/private-ca/sign", test_sign),
                        ("/private-ca/refused", test_refused),
                        ("/private-ca/revoke", test_revoke),
                        ("/private-ca/waiting", test_waiting),
                        ("/private-ca/issued-draft", test_issued_draft),
                        ("/private-ca/delete", test_delete),
                    ),
                )
            }
        )
    )
