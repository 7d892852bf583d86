#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that are signed here: by themselves, and by a private CA that is kept here.

What comes out is judged by the openssl command.
"""

import pathlib
import re
import subprocess
import sys

from scenario import VALID, World, blocks, check, main, openssl, same

CA = "Test CA"
SELF = "device-7.example.com"
HOST = "server.example.com"
WAITING = "pump-3"


def run(*arguments, **options):
    """The openssl command, and what it wrote; also where it refuses."""
    command = ["openssl", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return done.returncode, done.stdout + done.stderr


def text_of(certificate):
    return run("x509", "-in", certificate, "-noout", "-text", "-ext", "extendedKeyUsage")[1]


def stored(world, title):
    """The certificate in the store, as a PEM file."""
    der = dict(world.rows("title, certificate"))[title]
    check(der, f"{title} has no certificate")
    path = world.folder / f"{title}.pem"
    command = ["openssl", "x509", "-inform", "DER", "-out", str(path)]
    subprocess.run(command, input=der, check=True, capture_output=True)
    return path


def choose(app, name):
    """Chooses a radio button or ticks a check button."""
    app.point(app.find("check", name))
    app.wait_for(lambda: app.find("check", name).checked, f"{name} chosen")


def begin(world, profile, signer):
    app = world.app
    if app.exists("button", "Get a Certificate"):
        app.click("button", "Get a Certificate")
    else:
        app.click("button", "Get a Client Certificate")
    app.find("label", "Who Signs It?")
    choose(app, profile)
    choose(app, signer)
    app.click("button", "Next")
    app.find("label", "Who Is It For?")


def test_self_signed(world: World):
    app = world.start()
    begin(world, "ThingsBoard Device", "Myself (self-signed)")
    app.set_text("Name or e-mail address", SELF)
    app.click("button", "Next")
    app.find("label", "How Long Will It Be Valid?")
    app.find("spin", "Days").set_value(30)
    app.click("button", "Next")
    app.says(re.compile("^30 days, until "))
    app.click("button", "Create Certificate")
    app.find("label", "Certificate", limit=40)
    app.wait_for(lambda: world.rows("certificate")[0][0], "the certificate", 40)

    path = stored(world, SELF)
    same(run("verify", "-x509_strict", "-CAfile", path, path)[0], 0, "its own signature")
    same(run("x509", "-in", path, "-noout", "-checkend", str(29 * 86400))[0], 0, "29 days on")
    same(run("x509", "-in", path, "-noout", "-checkend", str(31 * 86400))[0], 1, "31 days on")
    text = text_of(path)
    check("TLS Web Client Authentication" in text and "CA:FALSE" in text, text)
    check("CSR" not in str(world.rows("csr IS NULL")), "it has a request")
    same(world.rows("csr IS NULL"), [(1,)], "no request was made")
    world.home()


if __name__ == "__main__":
    sys.exit(main({"all": ({}, (("/private-ca/self-signed", test_self_signed),))}))
