#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clicks the real program through the main job where there is no display: demo.py FOLDER

Everything happens in a private session with a home of its own, and a CA made with
the openssl command answers. What remains is in FOLDER: the settings for PlaceOS,
and a picture of every screen.
"""

import pathlib
import stat
import sys
import time

from scenario import VALID, World, blocks, check, installed

NAME = "steve@example.com"


class Demo:
    """The main job, told and pictured step by step."""

    def __init__(self, world, folder):
        self.world = world
        self.app = world.app
        self.folder = folder
        self.began = time.monotonic()
        self.count = 0
        self.last = None

    def say(self, text):
        print(f"{time.monotonic() - self.began:5.1f} s  {text}", flush=True)

    def picture(self, name):
        self.count += 1
        path = self.folder / f"{self.count:02}-{name}.png"
        self.app.picture(path)
        before, self.last = self.last, path.read_bytes()
        check(self.last != before, f"{path.name} shows what the picture before it shows")

    def request(self):
        app = self.app
        self.say("Starting Certwright in a session of its own")
        self.world.start()
        app.find("button", "Get a Certificate")
        app.resize(900, 760)
        self.picture("home")
        app.click("button", "Get a Certificate")
        self.say("What it is for: a PlaceOS driver or module")
        app.find("label", "What Is It For?")
        self.picture("purpose")
        app.click("button", "Next")
        self.say(f"Who it is for: {NAME}, typed with real key strokes")
        app.find("label", "Who Is It For?")
        app.type_into("Name or e-mail address", NAME)
        app.click("button", "Add")
        app.type_into("Organisation", "Example")
        self.picture("subject")
        app.click("button", "Next")
        self.say("The key: RSA 3072, which is chosen already")
        app.says("The keyring “")
        self.picture("key")
        app.click("button", "Next")
        app.find("label", "Review")
        self.picture("review")
        app.click("button", "Create Request")
        self.say("Making the key, and storing it in the keyring")
        app.find("label", "Send the Request", limit=60)
        self.picture("request")

    def intermission(self):
        path = self.world.folder / "steve.csr"
        app = self.app
        app.click("button", "Save…")
        app.choose_file(path, "Save")
        app.wait_for(lambda: path.exists() and path.stat().st_size, "the saved request")
        self.say("The request is saved, and Certwright closed")
        app.quit()
        self.say("The CA, made with the openssl command, signs it")
        certificate = self.world.chain_file(self.world.sign(path), "from-the-ca.pem")
        self.say("Certwright is opened again: the request waits in the list")
        self.world.start()
        app.find("label", NAME)
        app.resize(900, 760)
        self.picture("waiting")
        return certificate

    def reply(self, certificate):
        app = self.app
        self.world.open_reply(NAME)
        self.picture("reply")
        self.say("The CA’s reply is brought")
        app.drop_files([certificate])
        app.says(VALID)
        self.say(f"It says: {VALID}")
        self.picture("report")
        app.click("button", "Accept Certificate")
        app.find("label", "Does It Work?")
        self.picture("test")
        app.click("button", "Next")
        app.says("Where to Paste It")
        app.wait_for(lambda: app.find("button", "Save…").sensitive, "the settings")
        self.picture("use")
        place = app.place(app.find("label", "Where to Paste It"))
        app.xdotool("mousemove", *map(str, place), "click", "--repeat", "20", "5")  # to the end
        self.picture("where-to-paste")

    def settings(self):
        app = self.app
        path = (self.folder / "placeos-settings.yaml").resolve()
        app.click("button", "Save…")
        app.choose_file(path, "Save")
        app.wait_for(path.exists, "the settings")
        check(stat.S_IMODE(path.stat().st_mode) == 0o600, "others can read the settings")
        text = path.read_text()
        for word, count in (("PRIVATE KEY", 1), ("CERTIFICATE", 2)):
            check(len(blocks(text, word)) == count, f"{word} in the settings")
        self.say("The settings are saved, for their owner alone")
        app.click("button", "Done")
        app.says("Your certificate, and below it those who vouch for it.")
        self.picture("overview")
        app.click("button", "Back")
        app.find("button", "Main Menu")
        self.picture("list")
        self.world.quit()


def quieten():
    """libatspi warns, in this process, when the program ends before it has answered.

    What the program itself warns of is in its own output, which quit() looks at.
    """
    # pylint: disable=import-outside-toplevel
    from gi.repository import GLib

    GLib.log_set_handler("dbind", GLib.LogLevelFlags.LEVEL_WARNING, lambda *_: None, None)


def main(folder):
    quieten()
    reason = installed()
    if reason:
        print(reason, file=sys.stderr)
        return 1
    folder = pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with World() as world:
        demo = Demo(world, folder)
        try:
            demo.request()
            demo.reply(demo.intermission())
            demo.settings()
        except Exception as error:  # pylint: disable=broad-except
            print(f"The main job failed: {error}", file=sys.stderr)
            return 1
        demo.say(f"Done: {folder / 'placeos-settings.yaml'}, and {demo.count} pictures")
    print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]) if len(sys.argv) == 2 else __doc__)
