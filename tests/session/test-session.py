#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The private session: every state of its keyring, and that nothing of it is left."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile

from session import MARK, Session, is_marked, wait_until
from tap import Tap

HERE = pathlib.Path(__file__).resolve().parent


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def marked_processes(root):
    return [pid for pid in os.listdir("/proc") if pid.isdigit() and is_marked(pid, root)]


def unlocked():
    with Session(keyring="unlocked") as session:
        check(session.has_secret_service(), "no Secret Service")
        check(not session.is_keyring_locked(), "locked")
        check(session.keyring_items() == [], "not empty")


def locked_and_unlocked():
    with Session(keyring="locked") as session:
        check(session.is_keyring_locked(), "not locked")
        session.unlock_keyring()
        check(not session.is_keyring_locked(), "locked")
        session.lock_keyring()
        check(session.is_keyring_locked(), "not locked again")


def none_and_absent():
    with Session(keyring="none") as session:
        check(session.has_secret_service(), "no Secret Service")
        check(session.is_keyring_locked(), "there is a keyring")
    with Session(keyring="absent") as session:
        check(not session.has_secret_service(), "there is a Secret Service")


def killed_restarted_stopped():
    with Session(keyring="unlocked") as session:
        session.kill_keyring()
        check(not session.has_secret_service(), "still there")
        session.restart_keyring()
        check(not session.is_keyring_locked(), "locked")
        session.stop_keyring()
        session.continue_keyring()
        check(session.has_secret_service(), "not there")
        session.stop_keyring()


def ends(number):
    with tempfile.TemporaryDirectory() as folder:
        mark = pathlib.Path(folder) / "mark"
        script = f'echo "${MARK}" > {mark}.new; mv {mark}.new {mark}; setsid sleep 600'
        command = [str(HERE / "session.py"), "--display", "--", "sh", "-c", script]
        with subprocess.Popen(command) as process:
            wait_until(mark.exists, "start", 30)
            root = mark.read_text().strip()
            check(len(marked_processes(root)) >= 3, "the session is not there")
            process.send_signal(number)
        wait_until(lambda: not pathlib.Path(root).exists(), "end of the folder", 15)
        check(not marked_processes(root), "processes are left")


def status():
    command = [str(HERE / "session.py"), "--keyring=absent", "--"]
    check(subprocess.run(command + ["sh", "-c", "exit 7"], check=False).returncode == 7, "status")
    missing = subprocess.run(command + ["/nonexistent"], capture_output=True, check=False)
    check(missing.returncode == 127, "status of a missing command")


def nothing_of_the_outer_session():
    outer = {**os.environ, "WAYLAND_DISPLAY": "wayland-7", "AT_SPI_BUS_ADDRESS": "unix:path=/x"}
    command = [str(HERE / "session.py"), "--keyring=absent", "--", "env"]
    answer = subprocess.run(command, env=outer, capture_output=True, text=True, check=True)
    for name in ("WAYLAND_DISPLAY=", "AT_SPI_BUS_ADDRESS=", "\nDISPLAY="):
        check(name not in answer.stdout, name)


def main():
    tap = Tap()
    tap.run("/session/keyring/unlocked", unlocked)
    tap.run("/session/keyring/locked", locked_and_unlocked)
    tap.run("/session/keyring/none-and-absent", none_and_absent)
    tap.run("/session/keyring/killed-restarted-stopped", killed_restarted_stopped)
    tap.run("/session/ends/asked", ends, signal.SIGTERM)
    tap.run("/session/ends/killed", ends, signal.SIGKILL)
    tap.run("/session/status", status)
    tap.run("/session/outer", nothing_of_the_outer_session)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
