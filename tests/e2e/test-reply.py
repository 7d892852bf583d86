#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reply brings beside the certificate: folders and archives, what differs, what is missing."""

import contextlib
import http.server
import os
import pathlib
import subprocess
import sys
import threading
import zipfile

from scenario import VALID, World, check, main, openssl, same

NAME = "steve@example.com"
LOOKS = {name: value for name, value in os.environ.items() if name.startswith("ADW_DEBUG_")}


class Issuer(http.server.BaseHTTPRequestHandler):
    """Serves one certificate, and counts who asks."""

    asked = 0
    content = b""

    def do_GET(self):  # pylint: disable=invalid-name
        """What the client asked for does not matter."""
        Issuer.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(Issuer.content)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        """It has nothing to say."""


@contextlib.contextmanager
def issuer(certificate):
    der = ("openssl", "x509", "-in", str(certificate), "-outform", "DER")
    Issuer.content = subprocess.run(der, check=True, capture_output=True).stdout
    Issuer.asked = 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/ca.cer"
    finally:
        server.shutdown()
        server.server_close()


def sign(world, name, *more, extensions="issued"):
    """Signs the request of NAME as the CA's clerk typed it."""
    authority = world.authorities[1]
    request = world.write_csr(NAME)
    command = ("ca", "-batch", "-notext", "-rand_serial", "-config", authority.config)
    path = world.folder / name
    openssl(*command, "-extensions", extensions, "-in", request, "-out", path, *more)
    return path


def begin(world: World):
    world.start()
    world.make_request(NAME)
    world.app.click("button", "I Have the Reply")
    world.app.find("label", "The Reply")


def picture(world, name, until=None):
    """For a person to look at, if one wants to: light, dark or whatever the session is."""
    folder = os.environ.get("CERTWRIGHT_LOOKS")
    if folder:
        for width in (1000, 360):
            world.app.resize(width, 1000)
            if until:
                world.app.place(world.app.find("label", until))
            world.app.picture(pathlib.Path(folder) / f"reply-{name}-{width}.png")
        world.app.resize(800, 700)


def start_over(world):
    world.app.click("button", "Start Over")
    world.app.wait_gone("label", "Will It Work?")


def archive(world):
    """As a CA's portal packs it."""
    app = world.app
    certificate = sign(world, "client.crt")
    chain = world.chain_file(certificate, "chain.pem")
    path = world.folder / "order-4711.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", "Thank you for your order.")
        packed.write(certificate, "your certificate/client.crt")
        packed.write(chain, "chain/chain.pem")
        packed.writestr("__MACOSX/._client.crt", b"\0\5\x16\7")
    app.drop_files([path])
    app.says(VALID)
    app.says("order-4711.zip/your certificate/client.crt, line 1")
    app.says("1 file without certificate, request or key")
    start_over(world)


def folder(world):
    app = world.app
    path = world.folder / "from the CA"
    (path / "deeper").mkdir(parents=True)
    certificate = sign(world, "client.crt")
    world.chain_file(certificate, path / "deeper" / "all.pem")
    app.drop_files([path])
    app.says(VALID)
    app.says("from the CA/deeper/all.pem, line 1")
    start_over(world)


def differences(world):
    """Side by side, marked by words."""
    app = world.app
    certificate = sign(world, "other.pem", "-subj", f"/O=Example/CN={NAME.upper()}")
    app.drop_files([world.chain_file(certificate, "other-all.pem")])
    app.find("label", "Asked For and Got")
    row = f"Name: changed, {NAME} was asked for, {NAME.upper()} came"
    app.find("row", row)
    app.find("row", "Organisation: Example was added")
    app.find("row", "Usage: Prove who is calling (client authentication), as it was asked for")
    for word in ("Changed", "Added"):
        app.find("label", word)
    picture(world, "differences", "Valid")
    start_over(world)


def nothing_for_it(world):
    """A certificate for somebody else's key: the report says so, nothing can be accepted."""
    app = world.app
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    key += ("-keyout", world.folder / "stranger.key")
    request = world.folder / "stranger.csr"
    openssl("req", "-new", *key, "-subj", "/CN=stranger@example.com", "-out", request)
    app.drop_files([world.sign(request, "stranger.pem")])
    app.find("label", "Will It Work?")
    check(not app.find("button", "Accept Certificate").sensitive, "it can be accepted")
    picture(world, "nothing")
    start_over(world)


def fetch(world):
    """Only when the person agrees; then the chain is complete."""
    app = world.app
    root, inter = world.authorities
    with issuer(inter.certificate) as address:
        with inter.config.open("a") as config:
            config.write(f"\n[fetchable]\nbasicConstraints = CA:FALSE\n"
                         f"authorityKeyIdentifier = keyid\n"
                         f"authorityInfoAccess = caIssuers;URI:{address}\n")
        app.drop_files([sign(world, "alone.pem", extensions="fetchable"), root.certificate])
        app.find("button", "Fetch It…")
        picture(world, "fetch")
        app.click("button", "Fetch It…")
        app.wait_for(lambda: len(app.windows()) == 2, "the question")
        check(any(address in text for text in app.texts()), "the address is not said")
        app.click("button", "Cancel")
        app.wait_for(lambda: len(app.windows()) == 1, "end of the question")
        same(Issuer.asked, 0, "requests without consent")

        app.click("button", "Fetch It…")
        app.wait_for(lambda: len(app.windows()) == 2, "the question")
        app.click("button", "Fetch")
        app.says(VALID)
        same(Issuer.asked, 1, "requests")
        app.says(f"{address}")
        check(not app.exists("button", "Fetch It…"), "it can be fetched again")
        start_over(world)


def fetch_fails(world):
    """Another CA's certificate is at the address, and then nobody."""
    app = world.app
    root, inter = world.authorities
    with issuer(root.certificate) as address:
        with inter.config.open("a") as config:
            config.write(f"\n[wrong]\nauthorityInfoAccess = caIssuers;URI:{address}\n"
                         "basicConstraints = CA:FALSE\n")
        app.drop_files([sign(world, "wrong.pem", extensions="wrong")])
        app.click("button", "Fetch It…")
        app.wait_for(lambda: len(app.windows()) == 2, "the question")
        app.click("button", "Fetch")
        app.says("did not sign")
    app.click("button", "Fetch It…")
    app.wait_for(lambda: len(app.windows()) == 2, "the question")
    app.click("button", "Fetch")
    app.says("cannot be reached")
    check(app.find("button", "Accept Certificate").sensitive, "it cannot be accepted any more")
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    {"env": LOOKS},
                    (
                        ("/reply/begin", begin),
                        ("/reply/archive", archive),
                        ("/reply/folder", folder),
                        ("/reply/differences", differences),
                        ("/reply/nothing-for-it", nothing_for_it),
                        ("/reply/fetch", fetch),
                        ("/reply/fetch-fails", fetch_fails),
                    ),
                )
            }
        )
    )
