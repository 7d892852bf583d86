#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The database locked, not writable, on a full disk, or damaged: said, and a way on."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time

from scenario import Skip, World, check, main, same

NAME = "steve@example.com"
CANNOT_OPEN = "The Certificates Cannot Be Opened"
LOCKED = "Another program is using “"
READ_ONLY = "cannot be written. Check that the file, its folder and its disk"
FULL = "The disk is full"
DAMAGED = "is damaged, or is not a file of Certwright’s. It was left as it is."


def mount(world, *options):
    """A small disk of its own below the data folder."""
    folder = world.database.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "none", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise Skip("no file system can be mounted here")
    return folder


def unmount(folder):
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def draft(world: World):
    """One draft in the store, and the page on which it is typed."""
    app = world.start()
    world.begin()
    app.set_text("Name or e-mail address", NAME)
    app.wait_for(world.rows, "the draft in the database")


@contextlib.contextmanager
def locked(world):
    with contextlib.closing(sqlite3.connect(world.database, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        yield
        db.execute("ROLLBACK")


def locked_while_typing(world):
    app = world.app
    with locked(world):
        app.set_text("Organisation", "Example")
        app.says(LOCKED, limit=20)
        same(app.read("entry", "Organisation"), "Example", "what was typed")
    app.click("button", "Try Again")
    app.wait_gone("button", "Try Again")
    app.wait_for(lambda: "Example" in world.rows("request")[0][0], "the organisation in it")


def locked_while_creating(world):
    app = world.app
    app.click("button", "Next")
    world.choose_key("EC P-256")
    app.click("button", "Next")
    app.find("label", "Review")
    time.sleep(1)
    with locked(world):
        app.click("button", "Create Request")
        app.says(LOCKED, limit=20)
        app.find("label", "Review")
        app.says("O = Example")
    app.click("button", "Create Request")
    app.find("label", "Send the Request", limit=40)
    same(world.check_keys(), 1, "requests with their key")


def locked_at_start(world):
    world.quit()
    app = world.app
    with locked(world):
        world.start()
        app.says(CANNOT_OPEN, limit=20)
        app.says(LOCKED)
    app.click("button", "Try Again")
    app.find("label", NAME)


def locked_at_quit(world):
    """It does not end before what was typed is saved."""
    app = world.app
    world.begin()
    app.set_text("Name or e-mail address", "late@example.com")
    app.wait_for(lambda: len(world.rows()) == 2, "the draft in the database")
    with locked(world):
        app.set_text("Organisation", "Late")
        time.sleep(1)  # it is being saved
        app.key("ctrl+q")
        time.sleep(1)
        check(app.running, "it has ended with something unsaved")
    same(app.wait(), 0, "exit status")
    check(any("Late" in request for (request,) in world.rows("request")), "it is lost")
    world.start()
    world.app.find("label", NAME)


def damaged(world):
    world.quit()
    good = world.database.read_bytes()
    world.database.write_bytes(b"this is no database " * 500)
    app = world.start()
    app.says(CANNOT_OPEN)
    app.says(DAMAGED)
    same(world.database.read_bytes(), b"this is no database " * 500, "it was left as it is")
    world.database.write_bytes(good)
    app.click("button", "Try Again")
    app.find("label", NAME)
    world.quit()


def truncated(world):
    good = world.database.read_bytes()
    world.database.write_bytes(good[: len(good) // 2 + 100])
    app = world.start()
    app.says(CANNOT_OPEN)
    app.says(DAMAGED)
    world.database.write_bytes(good)
    app.click("button", "Try Again")
    app.find("label", NAME)
    world.quit()


def newer(world):
    """Written by a later version: left alone, and said."""
    with contextlib.closing(sqlite3.connect(world.database)) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        db.execute("PRAGMA user_version = 9999")
    app = world.start()
    app.says("was written by a later version of Certwright.")
    with contextlib.closing(sqlite3.connect(world.database)) as db:
        db.execute(f"PRAGMA user_version = {version}")
    app.click("button", "Try Again")
    app.find("label", NAME)
    world.quit()


def a_folder(world):
    good = world.database.read_bytes()
    world.database.unlink()
    world.database.mkdir()
    app = world.start()
    app.says("is a folder where a file should be.")
    world.database.rmdir()
    world.database.write_bytes(good)
    app.click("button", "Try Again")
    app.find("label", NAME)
    world.quit()


@contextlib.contextmanager
def immutable(folder):
    """Nothing can be made in it, not even by root."""
    if subprocess.run(["chattr", "+i", str(folder)], capture_output=True, check=False).returncode:
        raise Skip("no folder can be made immutable here")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", str(folder)], check=True)


def read_only_while_typing(world):
    app = world.start()
    world.begin()
    with immutable(world.database.parent):
        app.set_text("Name or e-mail address", "second@example.com")
        app.says(READ_ONLY)
        same(app.read("entry", "Name or e-mail address"), "second@example.com", "what was typed")
    app.click("button", "Try Again")
    app.wait_gone("button", "Try Again")
    app.wait_for(lambda: len(world.rows()) == 2, "both in the database")
    world.quit()


def read_only_at_start(world):
    folder = mount(world, "size=4m", "mode=700")
    try:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        app = world.start()
        app.says(CANNOT_OPEN)
        app.says(READ_ONLY)
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
        app.click("button", "Try Again")
        app.find("button", "Get a Certificate")
        world.quit()
    finally:
        world.end()
        unmount(folder)


def full_disk(world):
    folder = mount(world, "size=256k", "mode=700")
    try:
        app = world.start()
        world.begin()
        app.set_text("Name or e-mail address", NAME)
        app.wait_for(world.rows, "the draft in the database")
        fill(folder / "ballast")
        long = "x" * 60
        app.set_text("Organisation", long)
        app.says(FULL)
        same(app.read("entry", "Organisation"), long, "what was typed")
        (folder / "ballast").unlink()
        app.click("button", "Try Again")
        app.wait_for(lambda: long in world.rows("request")[0][0], "all of it in the database")
        world.quit()
    finally:
        world.end()
        unmount(folder)


def fill(path):
    with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)


def private(world):
    """What is there is for its owner alone."""
    world.start()
    world.begin()
    world.app.set_text("Name or e-mail address", NAME)
    world.app.wait_for(world.rows, "the draft in the database")
    same(world.database.stat().st_mode & 0o777, 0o600, "mode of the database")
    same(world.database.parent.stat().st_mode & 0o777, 0o700, "mode of its folder")
    same(os.listdir(world.database.parent), ["certificates.db"], "what is in its folder")
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "database": (
                    {},
                    (
                        ("/store/draft", draft),
                        ("/store/locked/while-typing", locked_while_typing),
                        ("/store/locked/while-creating", locked_while_creating),
                        ("/store/locked/at-start", locked_at_start),
                        ("/store/locked/at-quit", locked_at_quit),
                        ("/store/damaged", damaged),
                        ("/store/truncated", truncated),
                        ("/store/newer", newer),
                        ("/store/a-folder", a_folder),
                    ),
                ),
                "disk": (
                    {},
                    (
                        ("/store/private", private),
                        ("/store/read-only/while-typing", read_only_while_typing),
                        ("/store/read-only/at-start", read_only_at_start),
                        ("/store/full", full_disk),
                    ),
                ),
            }
        )
    )
