#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No screen is wider than 360 pixels, in English and in German.

The pictures of all screens, as narrow and wide, are left in the folder that
CERTWRIGHT_LOOKS names; ADW_DEBUG_COLOR_SCHEME and ADW_DEBUG_HIGH_CONTRAST change their looks.
"""

import atexit
import gettext
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from scenario import ROOT, Skip, World, check, main

LOOKS = {name: value for name, value in os.environ.items() if name.startswith("ADW_DEBUG_")}
WIDTH = 360
WIDE = 1000
HEIGHT = 700
NAME = "a-rather-long-name-of-a-device@lighting.example.com"


def plain(text):
    return re.sub("_(.)", r"\1", text)


class Screens:
    """Goes from screen to screen, in the language of the session."""

    def __init__(self, world, language):
        self.world = world
        self.app = world.app
        self.language = language
        self.count = 0
        prefix = os.environ.get("CERTWRIGHT_PREFIX", ROOT / "build" / "prefix")
        folder = pathlib.Path(prefix) / "share" / "locale"
        texts = gettext.translation("certwright", folder, [language], fallback=True)
        # By what is read: where the underscore of a mnemonic stands is of no account.
        self.texts = {
            plain(text): plain(translated)
            for text, translated in getattr(texts, "_catalog", {}).items()
            if isinstance(text, str)
        }

    def say(self, text):
        """What a person reads in its place."""
        return self.texts.get(plain(text), plain(text))

    def click(self, text):
        self.app.click("button", self.say(text))

    def find(self, text, role="label", limit=None):
        return self.app.find(role, self.say(text), limit=limit)

    def fits(self, name):
        """Whether this screen is as narrow as it was made; a picture of it."""
        app = self.app
        self.count += 1
        folder = os.environ.get("CERTWRIGHT_LOOKS")
        for width in (WIDE, WIDTH) if folder else (WIDTH,):
            app.resize(width, HEIGHT)
            if folder:
                picture = f"{self.language}-{self.count:02}-{name}-{width}.png"
                app.picture(pathlib.Path(folder) / picture)
        width = app.minimum_width()
        check(width <= WIDTH, f"{name} needs {width} pixels")
        check(width > WIDTH // 2, f"{name} says that {width} pixels are enough")


def screens(language):
    def run(world: World):
        app = world.start()
        screen = Screens(world, language)
        if language != "en":
            check(screen.say("_Get a Certificate") != "Get a Certificate", "no translation")
        screen.find("_Get a Certificate", "button")
        screen.fits("home")
        to_request(screen)
        to_use(screen)
        rest(screen)
        world.quit()

    return run


def to_request(screen):
    app = screen.app
    screen.click("_Get a Certificate")
    screen.find("What Is It For?")
    screen.fits("purpose")
    screen.click("Next")
    screen.find("Who Is It For?")
    app.set_text(screen.say("Name or e-mail address"), NAME)
    app.point(screen.find("More Options"))
    app.find("button", screen.say("Add a Field"))
    app.point(screen.find("More Usages"))
    screen.click("Add")
    app.set_text(screen.say("E-mail address"), "steve@")
    screen.fits("subject")
    app.set_text(screen.say("E-mail address"), NAME)
    screen.click("Next")
    screen.find("Kind of Key")
    app.point(screen.find("More Kinds"))
    app.find("check", "EC P-384")
    screen.fits("key")
    app.point(app.find("check", "EC P-384"))
    screen.click("Next")
    screen.find("Review")
    screen.fits("review")
    screen.click("Create Request")
    screen.find("Send the Request", limit=40)
    app.point(screen.find("Show the Request"))
    screen.fits("request")


def to_use(screen):
    app, world = screen.app, screen.world
    screen.click("I Have the Reply")
    screen.find("The Reply")
    screen.fits("reply")
    rubbish = world.folder / "an-attachment-that-is-not-what-it-seems.crt"
    rubbish.write_bytes(bytes(range(256)))
    certificate = world.sign(world.write_csr(NAME))
    app.drop_files([rubbish, certificate])
    screen.find("Will It Work?")
    screen.fits("report")
    screen.click("_Start Over")
    app.drop_files([world.chain_file(certificate)])
    screen.find("Will It Work?")
    screen.fits("good-report")
    screen.click("Accept Certificate")
    screen.find("Does It Work?")
    app.set_text(screen.say("Address of the server"), "http://api.example.com/")
    app.click("check", screen.say("Check the server’s certificate"))
    screen.find("The server will not be checked")
    screen.fits("test")
    screen.click("Next")
    screen.find("Where to Paste It")
    screen.click("_Reveal the Private Key")
    screen.fits("use")


def rest(screen):
    app, world = screen.app, screen.world
    screen.click("Done")
    screen.find("Chain")
    screen.fits("overview")
    screen.click("_Delete…")
    app.wait_for(lambda: len(app.windows()) == 2, "the question")
    screen.click("_Cancel")
    app.wait_for(lambda: len(app.windows()) == 1, "end of the question")
    screen.click("Back")
    app.find("label", NAME)
    screen.fits("list")
    app.key("ctrl+o")
    screen.find("Import Your Files")
    screen.fits("import")
    world.session.kill_keyring()
    screen.click("Back")
    app.point(app.find("label", NAME))
    screen.click("Use It")
    app.find("button", screen.say("_Try Again"))
    screen.fits("problem")


def german():
    """The session's arguments; the locale is made for it, since systems rarely have it."""
    folder = pathlib.Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, True)
    command = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")]
    try:
        subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise Skip("no German locale can be made here: the package locales is missing") from None
    names = {"LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}
    return {"env": {**LOOKS, **names, "LANGUAGE": "de"}}


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "english": ({"env": LOOKS}, (("/looks/english", screens("en")),)),
                "german": (german, (("/looks/german", screens("de")),)),
            }
        )
    )
