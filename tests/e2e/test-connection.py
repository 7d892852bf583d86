#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection test, against a real nginx that lets nobody in without a certificate.

The pictures of its states, as narrow and wide, are left in the folder that
CERTWRIGHT_LOOKS names.
"""

import os
import pathlib
import re
import sys

from scenario import Skip, VALID, World, check, main, openssl, same
from webservers import NGINX, WebServers

NAME = "steve@example.com"
LOOKS = {name: value for name, value in os.environ.items() if name.startswith("ADW_DEBUG_")}
ADDRESS = "Address of the server"
REPLY, SYSTEM, FILE = "The CAs that came with the reply", "The system’s CAs", "CAs from a file"


def begin(world: World):
    """A certificate, accepted; the address is checked while it is typed."""
    app = world.start()
    world.make_request(NAME)
    certificate = world.sign(world.write_csr(NAME))
    world.servers = WebServers(world)
    app.click("button", "I Have the Reply")
    world.choose_files(world.chain_file(certificate))
    app.says(VALID)
    app.click("button", "Accept Certificate")
    app.find("label", "Does It Work?")
    check(app.find("button", "Next").sensitive, "the test cannot be passed by")
    look(world, "begin")
    app.type_into(ADDRESS, "http://localhost/")
    app.says("http:// is not encrypted, so no certificate is used there.")
    check(not app.find("button", "Test Connection").sensitive, "a test of a wrong address")


def look(world, name):
    folder = os.environ.get("CERTWRIGHT_LOOKS")
    for width in (1000, 360) if folder else ():
        world.app.resize(width, 900)
        world.app.picture(pathlib.Path(folder) / f"connection-{name}-{width}.png")


def connect(world, address):
    app = world.app
    app.set_text(ADDRESS, address)
    app.wait_for(lambda: app.find("button", "Test Connection").sensitive, "a button to press")
    app.click("button", "Test Connection")


def stored(world):
    return world.rows("address, test_verdict, test_severity")[0]


def other_choice(world):
    """The system's CAs do not verify it, those of the reply do: taken with one button."""
    app = world.app
    connect(world, world.servers.good)
    app.says("The chosen CAs do not verify localhost, but another choice would.")
    app.says("These verify the server.")
    look(world, "other-choice")
    app.wait_for(lambda: stored(world)[1:] == ("server-other-choice", 3), "that it is stored")
    app.click("button", "Use These")
    app.says("The certificate works with localhost.")
    check(app.find("check", REPLY).checked, "the choice was not taken")
    check(not app.exists("button", "Use These"), "the offer is still there")
    look(world, "works")
    wanted = (world.servers.good, "works", 0)
    app.wait_for(lambda: stored(world) == wanted, "that it worked")


def report(world):
    """All of it to copy, and nothing of the key in it."""
    app = world.app
    app.click("button", "Copy Report")
    text = app.wait_for(app.clipboard, "the report on the clipboard")
    check("The certificate works with localhost." in text and world.servers.good in text, text)
    check("PRIVATE" not in text, text)


def forgotten(world):
    """What was proved of one address says nothing of another."""
    app = world.app
    app.set_text(ADDRESS, "https://localhost:1/")
    app.wait_gone("label", "The certificate works with localhost.")
    app.wait_for(lambda: stored(world) == ("https://localhost:1", None, 0), "that it is forgotten")
    app.click("button", "Test Connection")
    app.says("localhost refuses the connection.")


def unknown(world):
    """The CA that the server presents is trusted only by who has compared its fingerprint."""
    app = world.app
    connect(world, world.servers.other)
    app.says("The CA That the Server Presented")
    printed = openssl("x509", "-in", world.servers.ca.certificate, "-noout", "-fingerprint",
                      "-sha256")  # fmt: skip
    fingerprint = printed.split("=")[1].strip()
    shown = [text for text in app.texts() if re.fullmatch(r"([0-9A-F]{2}[:\n]?){32}", text)]
    same([text.replace("\n", ":") for text in shown], [fingerprint], "the fingerprint")
    look(world, "unknown")
    before = world.rows("server_cas, server_cas_pem")
    app.click("button", "Trust This CA…")
    app.says("Trust “Server CA”?")
    look(world, "trust")
    app.click("button", "Cancel")
    app.wait_gone("label", "Trust “Server CA”?")
    same(world.rows("server_cas, server_cas_pem"), before, "what is trusted")
    app.click("button", "Trust This CA…")
    app.says("Trust “Server CA”?")
    app.click("button", "Trust")
    app.says("The certificate works with localhost.")
    check(app.find("check", FILE).checked, "the file is not chosen")
    app.says("Server CA")
    pem = world.rows("server_cas_pem")[0][0]
    same(pem.strip(), world.servers.ca.certificate.read_text().strip(), "what is trusted")


def refused(world):
    """It has to know our CA; what to do is said."""
    app = world.app
    app.point(app.find("check", REPLY))
    connect(world, world.servers.refusing)
    app.says("The web server at localhost does not accept the certificate.")
    app.says("It says that it accepts only certificates of “Server CA”")
    app.says("Ask the server’s owner which CAs it accepts")
    check(not app.exists("button", "Trust This CA…"), "an offer where nothing is to be trusted")
    look(world, "refused")
    app.wait_for(lambda: stored(world)[1:] == ("http-certificate-refused", 3), "that it is stored")


def cancelled(world):
    """A server that says nothing is waited for until a person has enough."""
    app = world.app
    connect(world, world.servers.silent)
    connection, _ = world.servers.listeners[3].accept()
    with connection:
        app.click("button", "Cancel")
        app.wait_gone("button", "Cancel")
    check(app.find("button", "Test Connection").sensitive, "no other test")
    same(stored(world), (world.servers.silent, None, 0), "stored")


def kept(world):
    """In the list and in the overview, also after a restart."""
    app = world.app
    connect(world, world.servers.good)
    app.says("The certificate works with localhost.")
    app.click("button", "Next")
    app.says("Where to Paste It")
    app.click("button", "Done")
    app.says(re.compile("^Worked on "))
    world.quit()
    app = world.start()
    app.says(re.compile("^PlaceOS · .*Worked on "))
    look(world, "list")
    world.open(NAME)
    app.says(re.compile("^Worked on "))
    app.says(world.servers.good)
    look(world, "overview")
    app.click("button", "Test Again")
    app.find("label", "Does It Work?")
    same(app.read("entry", ADDRESS), world.servers.good, "the address")
    app.says(re.compile("^Worked on "))
    app.click("button", "Test Connection")
    app.says("The certificate works with localhost.")
    world.quit()
    world.servers.end()


def need_nginx():
    if not NGINX:
        raise Skip("nginx is not installed")
    return {"env": LOOKS}


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    need_nginx,
                    (
                        ("/connection/begin", begin),
                        ("/connection/other-choice", other_choice),
                        ("/connection/report", report),
                        ("/connection/forgotten", forgotten),
                        ("/connection/unknown", unknown),
                        ("/connection/refused", refused),
                        ("/connection/cancelled", cancelled),
                        ("/connection/kept", kept),
                    ),
                )
            }
        )
    )
