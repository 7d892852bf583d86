#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What "meson install" puts where: staged with DESTDIR, as packages are made, and for good."""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "session"))

# pylint: disable-next=wrong-import-position
from tap import Skip, Tap

APP_ID = "io.github.certwright.Certwright"
SOURCE = pathlib.Path(os.environ["CERTWRIGHT_TEST_SOURCE"])
BUILD = pathlib.Path(os.environ["CERTWRIGHT_TEST_BUILD"])
MESON = os.environ["CERTWRIGHT_MESON"]
PREFIX = pathlib.Path(os.environ["CERTWRIGHT_PREFIX"])
PROGRAMS = {PREFIX / "bin/certwright", PREFIX / "bin/certwright-cli"}
SHARE = PREFIX / "share"

# What is made of what is installed, by whoever installs it for good.
CACHES = (
    SHARE / "glib-2.0/schemas/gschemas.compiled",
    SHARE / "icons/hicolor/icon-theme.cache",
    SHARE / "applications/mimeinfo.cache",
    SHARE / "mime/mime.cache",
)


def wanted():
    """Every file that belongs to the program, by the sources."""
    data = SOURCE / "data"
    files = set(PROGRAMS)
    files.add(SHARE / f"applications/{APP_ID}.desktop")
    files.add(SHARE / f"metainfo/{APP_ID}.metainfo.xml")
    files.add(SHARE / f"glib-2.0/schemas/{APP_ID}.gschema.xml")
    files.add(SHARE / f"mime/packages/{APP_ID}.xml")
    files.update(SHARE / p.relative_to(data) for p in (data / "icons").rglob("*.svg"))
    files.update(SHARE / f"man/man1/{p.name}" for p in (data / "man").glob("*.1"))
    completions = SHARE / "bash-completion/completions"
    files.update(completions / p.stem for p in (data / "completion").glob("*.bash"))
    profiles = SHARE / "certwright/profiles"
    for folder in (p.parent for p in (data / "profiles").glob("*/profile.desktop.in")):
        files.add(profiles / folder.name / "profile.ini")
        files.update(profiles / folder.name / p.name for p in folder.glob("*.template"))
    for language in (SOURCE / "po/LINGUAS").read_text(encoding="utf-8").splitlines():
        if language and not language.startswith("#"):
            files.add(SHARE / f"locale/{language}/LC_MESSAGES/certwright.mo")
    return files


def install(stage=None):
    """Whoever installs may have an umask that hides what is new from everybody else."""
    # What is installed for good is in use by other tests: nothing is replaced by itself.
    destination = ["--destdir", str(stage)] if stage else ["--only-changed"]
    result = subprocess.run(
        [MESON, "install", "-C", str(BUILD), "--no-rebuild", "--quiet", *destination],
        env={k: v for k, v in os.environ.items() if k != "DESTDIR"},
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
    )
    if result.returncode:
        raise AssertionError(f"meson install failed:\n{result.stdout}{result.stderr}")


class Staged:
    """The program, installed into a folder that a package is made of."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder)
        install(self.root)

    def path(self, installed):
        return self.root / installed.relative_to("/")

    def entries(self):
        """Files and folders below the prefix, by their place when installed."""
        top = self.path(PREFIX)
        return {"/" / p.relative_to(self.root): p for p in top.rglob("*")}


def run(*command, **more):
    result = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if result.returncode:
        raise AssertionError(f"{' '.join(map(str, command))}:\n{result.stdout}{result.stderr}")
    return result.stdout


def tool(name):
    path = shutil.which(name)
    if not path:
        raise Skip(f"there is no {name}")
    return path


def test_list(staged):
    there = {p for p, at in staged.entries().items() if not at.is_dir()}
    lines = [f"missing: {p}" for p in sorted(wanted() - there)]
    lines += [f"not wanted: {p}" for p in sorted(there - wanted())]
    assert not lines, "\n".join(lines)
    outside = [p for p in staged.root.rglob("*") if not p.is_dir() and staged.path(PREFIX) not in p.parents]
    assert not outside, f"outside the prefix: {outside}"


def test_modes(staged):
    wrong = []
    for installed, at in staged.entries().items():
        mode = at.lstat().st_mode
        right = 0o755 if at.is_dir() or installed in PROGRAMS else 0o644
        if stat.S_IMODE(mode) != right or not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
            wrong.append(f"{stat.filemode(mode)} {installed}")
    assert not wrong, "\n".join(wrong)


def test_desktop_file(staged):
    path = staged.path(SHARE / f"applications/{APP_ID}.desktop")
    values = dict(re.findall(r"^(Exec|Icon|Name\[de\])=(.*)$", path.read_text(encoding="utf-8"), re.M))
    program = values["Exec"].split()[0]
    assert os.access(staged.path(PREFIX / "bin" / program), os.X_OK), f"Exec={values['Exec']}"
    icons = staged.path(SHARE / "icons/hicolor")
    for name in (values["Icon"], f"{values['Icon']}-symbolic"):
        assert list(icons.rglob(f"{name}.svg")), f"there is no icon {name}"
    run(tool("desktop-file-validate"), path)


def test_metainfo(staged):
    path = staged.path(SHARE / f"metainfo/{APP_ID}.metainfo.xml")
    launchable = re.search(r'<launchable type="desktop-id">(.*?)<', path.read_text(encoding="utf-8"))
    desktop_file = staged.path(SHARE / "applications" / launchable.group(1))
    assert desktop_file.exists(), f"there is no {launchable.group(1)}"
    run(tool("appstreamcli"), "validate", "--no-net", path)


def test_schema(staged):
    schemas = staged.path(SHARE / "glib-2.0/schemas")
    with tempfile.TemporaryDirectory() as compiled:
        run(tool("glib-compile-schemas"), "--strict", f"--targetdir={compiled}", schemas)
        environment = {**os.environ, "GSETTINGS_SCHEMA_DIR": compiled}
        keys = run(tool("gsettings"), "list-keys", APP_ID, env=environment).split()
    source = (SOURCE / f"data/{APP_ID}.gschema.xml").read_text(encoding="utf-8")
    assert keys and sorted(keys) == sorted(re.findall(r'<key name="([^"]*)"', source)), keys


def test_programs(staged):
    """They come from the stage as they are: nothing leads back to where they were built."""
    readelf = tool("readelf")
    for program in PROGRAMS:
        dynamic = run(readelf, "--dynamic", "--wide", staged.path(program))
        assert "NEEDED" in dynamic and not re.search(r"R(UN)?PATH", dynamic), dynamic


def test_caches():
    """Without DESTDIR, what others read in place of the files is made anew."""
    if BUILD not in PREFIX.parents or not all(p.exists() for p in PROGRAMS):
        raise Skip(f"it is not installed in {PREFIX}, below the build folder")
    for path in CACHES:
        # Others may be reading it: it is not taken away.
        if path.exists():
            os.utime(path, (0, 0))
    install()
    old = [str(p) for p in CACHES if not p.exists() or p.stat().st_mtime == 0]
    assert not old, f"not made anew: {old}"


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="certwright-install-") as folder:
        staged = Staged(folder)
        for function in (test_list, test_modes, test_desktop_file, test_metainfo, test_schema, test_programs):
            tap.run(function.__name__.removeprefix("test_").replace("_", " "), function, staged)
    tap.run("caches", test_caches)
    return tap.end()


sys.exit(main())
