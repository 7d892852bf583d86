#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A ThingsBoard device with a self-signed certificate, against a real mosquitto that wants it.

Then the commands that do the same, copied from their window.
"""

import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess
import sys

from scenario import Authority, EMPTY_HOME, Skip, World, check, main, same
from session import die_with_parent, wait_until

SBIN = "/usr/sbin:/usr/bin:/sbin:/bin"
MOSQUITTO = shutil.which("mosquitto", path=SBIN)
SUBSCRIBER = shutil.which("mosquitto_sub", path=SBIN)
DEVICE = "device-7"
SENT = 'v1/devices/me/telemetry {"temperature":25}'
CONFIG = """
per_listener_settings true
user {user}
listener {port} 127.0.0.1
cafile {clients}
certfile {server}/server.pem
keyfile {server}/server.key
require_certificate true
use_identity_as_username true
listener {plain} 127.0.0.1
allow_anonymous true
"""


class Broker:
    """Takes what a known device sends, and gives it to whoever listens without TLS."""

    def __init__(self, folder, clients):
        self.folder = folder
        folder.mkdir()
        self.ca = Authority(folder / "ca", "Server CA")
        self.ca.make_server(folder / "server", "DNS:localhost")
        listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.port, self.plain = (listener.getsockname()[1] for listener in listeners)
        for listener in listeners:
            listener.close()
        config = folder / "mosquitto.conf"
        config.write_text(CONFIG.format(
            user=pwd.getpwuid(os.getuid()).pw_name, port=self.port, plain=self.plain,
            clients=clients, server=folder / "server"))  # fmt: skip
        with open(folder / "log", "wb") as log:
            self.process = self._spawn(MOSQUITTO, "-c", config, output=log)
        self.heard = folder / "heard"
        with open(self.heard, "wb") as heard:
            command = ("stdbuf", "-oL", SUBSCRIBER, "-h", "127.0.0.1", "-p", self.plain)
            wait_until(self._answers, "mosquitto")
            self.subscriber = self._spawn(*command, "-v", "-t", "#", "-d", output=heard)
        wait_until(lambda: "SUBACK" in self.heard.read_text(), "the subscription")

    @staticmethod
    def _spawn(*command, output):
        command = [str(word) for word in command]
        return subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, preexec_fn=die_with_parent
        )

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.plain), 1):
                return True
        except OSError:
            return False

    def count(self):
        """How often the message has arrived."""
        return self.heard.read_text().splitlines().count(SENT)

    def end(self):
        for process in (self.subscriber, self.process):
            process.terminate()
            process.wait(20)


def begin(world: World):
    app = world.start()
    app.click("button", EMPTY_HOME)
    app.find("label", "Who Signs It?")
    app.point(app.find("check", "ThingsBoard Device"))
    app.wait_for(lambda: app.find("check", "Myself (self-signed)").checked, "the usual signer")
    app.click("button", "Next")
    app.find("label", "Who Is It For?")
    app.set_text("Name of the device", DEVICE)
    app.click("button", "Next")
    app.find("label", "How Long Will It Be Valid?")
    app.click("button", "Next")
    app.find("label", "Review")
    app.click("button", "Create Certificate")
    app.find("label", "Does It Work?", limit=40)
    certificate = world.folder / "device.pem"
    certificate.write_text(world.rows("certificate")[0][0])
    world.broker = Broker(world.folder / "broker", certificate)


def connect(world):
    app = world.app
    app.wait_for(lambda: app.find("button", "Test Connection").sensitive, "a button to press")
    app.click("button", "Test Connection")
    app.says("The certificate works with localhost.")


def without_message(world: World):
    """Nothing is sent unless somebody asks for it."""
    app = world.app
    app.set_text("Address of the server", f"mqtts://localhost:{world.broker.port}")
    app.point(app.find("check", "CAs from a file"))
    app.choose_file(world.broker.ca.certificate, "Open")
    app.says("Server CA")
    check(not app.find("check", "Send a test message").checked, "it is chosen")
    connect(world)
    check(world.broker.count() == 0, world.broker.heard.read_text())


def message(world: World):
    app = world.app
    app.click("check", "Send a test message")
    app.says('v1/devices/me/telemetry: {"temperature":25}')
    connect(world)
    app.wait_for(lambda: world.broker.count() == 1, "the message")
    app.says("The broker confirms the message that was published.")
    world.broker.end()


def commands(world: World):
    """Each is copied alone; run, they make what was made here."""
    app = world.app
    app.click("button", "Next")
    app.find("button", "Done")
    app.click("button", "Done")
    app.click("button", "Show the Commands…")
    window = app.window("Commands")
    app.set_clipboard("of another program")
    names = [node.name for node in app.all("button", re.compile("^Copy: "), within=window)]
    check(names, "there is nothing to copy")
    script = []
    for name in names:
        before = app.clipboard()
        app.click("button", name, within=window)
        app.wait_for(lambda last=before: app.clipboard() not in (None, last), f"what {name} copies")
        script.append(app.clipboard())
    folder = world.folder / "by-hand"
    folder.mkdir()
    program = pathlib.Path(app.command[0]).parent
    env = {**app.env, "PATH": f"{program}:{os.environ['PATH']}"}
    said = world.session.run(["sh", "-ec", "\n".join(script)], env=env, cwd=folder,
                             capture_output=True, text=True, check=False)  # fmt: skip
    same(said.returncode, 0, said.stdout + said.stderr)
    check(f"{DEVICE}.crt: OK" in said.stdout and "PRIVATE KEY" not in said.stdout, said.stdout)
    same((folder / f"{DEVICE}.key").stat().st_mode & 0o777, 0o600, "the mode of the key")
    app.key("Escape", "Escape")  # the message that it was copied goes first
    app.wait_for(lambda: len(app.windows()) == 1, "end of the window")
    world.quit()


def need_mosquitto():
    if not MOSQUITTO or not SUBSCRIBER:
        raise Skip("mosquitto or mosquitto-clients is not installed")
    return {}


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    need_mosquitto,
                    (
                        ("/device/begin", begin),
                        ("/device/without-message", without_message),
                        ("/device/message", message),
                        ("/device/commands", commands),
                    ),
                )
            }
        )
    )
