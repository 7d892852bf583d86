# SPDX-License-Identifier: GPL-3.0-or-later
"""A walk through every screen, in any language: for tests and pictures of all of them.

    Tour(world, "de", visit).walk()

calls visit(name) on each screen, once it stands as a person would leave it.
"""

import atexit
import gettext
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from scenario import ROOT, Skip, openssl
from webservers import NGINX, WebServers

NAME = "a-rather-long-name-of-a-device@lighting.example.com"
HOST = "server.example.com"
CA = "Test CA"


# The languages, each with a country where it is spoken: dates and numbers are the country's.
LOCALES = {
    "ar": "ar_EG",
    "de": "de_DE",
    "es": "es_ES",
    "fr": "fr_FR",
    "it": "it_IT",
    "ja": "ja_JP",
    "nl": "nl_NL",
    "pl": "pl_PL",
    "pt_BR": "pt_BR",
    "zh_CN": "zh_CN",
}


def speak(language):
    """The environment of that language; its locale is made, since systems rarely have it."""
    if language == "en":
        return {}
    folder = pathlib.Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, True)
    name = f"{LOCALES[language]}.UTF-8"
    command = ["localedef", "-i", LOCALES[language], "-f", "UTF-8", str(folder / name)]
    try:
        subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise Skip(f"{name} cannot be made here: the package locales is missing") from None
    return {"LOCPATH": str(folder), "LC_ALL": name, "LANG": name, "LANGUAGE": language}


def plain(text):
    """By what is read: where the underscore of a mnemonic stands is of no account."""
    return re.sub("_(.)", r"\1", text)


class Tour:
    """Goes from screen to screen, in the language of the session."""

    def __init__(self, world, language, visit, name=NAME):
        self.world = world
        self.name = name
        self.app = world.app
        self.visit = visit
        self.servers = None
        prefix = os.environ.get("CERTWRIGHT_PREFIX", ROOT / "build" / "prefix")
        folder = pathlib.Path(prefix) / "share" / "locale"
        texts = gettext.translation("certwright", folder, [language], fallback=True)
        self.texts = {
            plain(text): plain(translated)
            for text, translated in getattr(texts, "_catalog", {}).items()
            if isinstance(text, str)
        }

    # In its language

    def say(self, text):
        """What a person reads in its place."""
        return self.texts.get(plain(text), plain(text))

    def click(self, text):
        self.app.click("button", self.say(text))

    def find(self, text, role="label", limit=None):
        return self.app.find(role, self.say(text), limit=limit)

    def point(self, text, role="label"):
        self.app.point(self.find(text, role))

    def type(self, name, text):
        self.app.set_text(self.say(name), text)

    def menu(self, item):
        self.click("Main Menu")
        self.app.click("menu-item", self.say(item))

    def home(self):
        for _ in range(8):
            if self.app.exists("button", self.say("Main Menu")):
                return
            self.click("Back")
            time.sleep(0.3)
        self.find("Main Menu", "button")

    def question(self, name):
        """A question over the window: looked at, and left."""
        self.app.wait_for(lambda: len(self.app.windows()) == 2, "the question")
        self.visit(name)
        self.click("_Cancel")
        self.app.wait_for(lambda: len(self.app.windows()) == 1, "end of the question")

    # From nothing to a configuration

    def walk(self):
        self.world.start()
        self.find("_Get a Certificate", "button")
        self.visit("home")
        self.request()
        self.reply()
        self.test()
        self.use()
        self.overview()
        self.authority()
        self.issue()
        self.self_signed()
        self.list()
        self.problem()

    def request(self):
        app = self.app
        self.click("_Get a Certificate")
        self.find("What Is It For?")
        self.visit("purpose")
        self.click("Next")
        self.find("Who Is It For?")
        self.type("Name or e-mail address", self.name)
        self.point("More Options")
        self.find("Add a Field", "button")
        self.point("More Usages")
        self.click("Add")
        self.type("E-mail address", "steve@")
        self.visit("subject")
        self.type("E-mail address", self.name)
        self.click("Next")
        self.find("Kind of Key")
        self.point("More Kinds")
        app.find("check", "EC P-384")
        self.visit("key")
        app.point(app.find("check", "EC P-384"))
        self.click("Next")
        self.find("Review")
        self.visit("review")
        self.click("Create Request")
        self.find("Send the Request", limit=40)
        self.point("Show the Request")
        self.visit("request")

    def reply(self):
        app, world = self.app, self.world
        self.click("I Have the Reply")
        self.find("The Reply")
        self.visit("reply")
        rubbish = world.folder / "an-attachment-that-is-not-what-it-seems.crt"
        rubbish.write_bytes(bytes(range(256)))
        certificate = world.sign(world.write_csr(self.name))
        app.drop_files([rubbish, certificate])
        self.find("Will It Work?")
        self.visit("report-with-findings")
        self.click("_Start Over")
        app.drop_files([world.chain_file(certificate)])
        self.find("Will It Work?")
        self.visit("report")
        self.click("Accept Certificate")

    def test(self):
        app = self.app
        address = self.say("Address of the server")
        self.find("Does It Work?")
        app.set_text(address, "http://api.example.com/")
        app.click("check", self.say("Check the server’s certificate"))
        self.find("The server will not be checked")
        self.visit("test-wrong-address")
        app.click("check", self.say("Check the server’s certificate"))
        if not NGINX:
            return
        self.servers = WebServers(self.world)
        self.point("The CAs that came with the reply", "check")
        self.connect(self.servers.other)
        self.find("The CA That the Server Presented")
        self.visit("test-unknown-ca")
        self.connect(self.servers.refusing)
        app.says(self.say("The web server at %s does not accept the certificate.") % "localhost")
        self.visit("test-refused")
        self.connect(self.servers.good)
        app.says(self.say("The certificate works with %s.") % "localhost")
        self.visit("test")

    def connect(self, address):
        app = self.app
        app.set_text(self.say("Address of the server"), address)
        name = self.say("_Test Connection")
        app.wait_for(lambda: app.find("button", name).sensitive, "a button to press")
        app.click("button", name)

    def use(self):
        self.click("Next")
        self.find("Where to Paste It")
        self.visit("use")
        self.click("_Reveal the Private Key")
        self.visit("use-revealed")

    def overview(self):
        self.click("Done")
        self.find("Chain")
        self.visit("overview")
        self.export()
        self.click("_Delete…")
        self.question("delete")
        self.home()
        self.app.find("label", self.name)

    def export(self):
        self.click("_Export…")
        self.find("Kind of File")
        self.visit("export")
        self.point("PKCS#12 for Old Windows and macOS (Weak)", "check")
        self.find("Its encryption is weak")
        self.visit("export-weak")
        self.click("Back")
        self.find("Chain")

    # A private CA

    def authority(self):
        app, world = self.app, self.world
        self.menu("New _Private CA…")
        self.find("What Is the CA Called?")
        self.type("Name of the CA", CA)
        self.visit("authority-subject")
        self.click("Next")
        self.find("How Long Will It Be Valid?")
        self.visit("authority-key")
        self.click("Next")
        self.find("Review")
        self.visit("authority-review")
        self.click("Create CA")
        self.find("For Servers and Devices", limit=40)
        self.visit("authority-empty")
        path = world.folder / f"{HOST}.csr"
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        names = f"subjectAltName=DNS:{HOST},DNS:other.example.com"
        constraints = ("-addext", "basicConstraints=critical,CA:TRUE")
        openssl("req", "-new", *key, "-keyout", world.folder / f"{HOST}.key", "-out", path,
                "-subj", f"/CN={HOST}", "-addext", names, *constraints)  # fmt: skip
        self.click("_Sign a Request…")
        self.find("Which Request?")
        self.visit("sign-source")
        app.drop_files([path])
        self.find("Who Asks?")
        self.visit("sign")
        self.click("_Sign Certificate")
        self.find("Signed")
        self.visit("sign-done")
        self.click("_Done")
        app.find("label", HOST)
        self.visit("authority")

    def issue(self):
        app = self.app
        app.point(app.find("label", HOST))
        self.find("_Revoke…", "button")
        self.visit("issued")
        self.click("_Revoke…")
        app.wait_for(lambda: len(app.windows()) == 2, "the question")
        self.visit("revoke")
        app.click("button", self.say("_Revoke"), within=app.window())
        app.wait_gone("button", self.say("_Revoke…"))
        self.visit("issued-revoked")
        self.home()

    def self_signed(self):
        app = self.app
        self.click("Get a Client Certificate")
        self.find("Who Signs It?")
        self.point("ThingsBoard Device", "check")
        self.point("Myself (self-signed)", "check")
        self.click("Next")
        self.find("Who Is It For?")
        self.type("Name of the device", HOST)
        self.click("Next")
        self.find("How Long Will It Be Valid?")
        self.visit("validity")
        self.home()

    # The rest

    def list(self):
        self.visit("list")
        self.app.key("ctrl+o")
        self.find("Import Your Files")
        self.visit("import")
        self.home()

    def problem(self):
        """The keyring has gone: the last screen, since nothing goes on after it."""
        app = self.app
        self.world.session.kill_keyring()
        app.point(app.find("label", self.name))
        self.click("Use It")
        self.find("_Try Again", "button")
        self.visit("problem")
        if self.servers:
            self.servers.end()
        self.world.quit()
