#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the pictures of the README and the metainfo: screenshots.py FOLDER

Or of every screen, to be looked at: screenshots.py FOLDER LANGUAGE [dark] [WIDTH]
"""

import pathlib
import subprocess
import sys

from scenario import SessionError, World, installed
from tour import Tour, speak

NAME = "steve@example.com"
SIZE = (900, 700)

# The screens that are shown to those who do not have it yet, light or dark.
SHOWN = {
    "light": {"purpose": "purpose", "test": "test", "list": "list"},
    "dark": {"report": "reply-dark", "use": "use-dark"},
}


def prepare(world):
    """The desktop's own font; a private session has no settings that name it."""
    folder = pathlib.Path(world.session.env["XDG_CONFIG_HOME"]) / "gtk-4.0"
    folder.mkdir(parents=True, exist_ok=True)
    found = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=True)
    font = "Adwaita Sans" if "Adwaita Sans" in found.stdout else "Cantarell"
    settings = f"[Settings]\ngtk-font-name={font} 11\ngtk-decoration-layout=:close\n"
    (folder / "settings.ini").write_text(settings)


def take(app, path, size):
    """The window alone: without a compositor, where its shadow would be is a frame."""
    window = app.windows()[0]  # a question lies over it
    app.resize(*size, window=window)
    app.picture(path)
    _, (x, y, outer_width, outer_height) = app._x_window(window)
    _, _, width, height = window.extents()
    left, top = x + (outer_width - width) // 2, y + (outer_height - height) // 2
    crop = f"{width}x{height}+{left}+{top}"
    subprocess.run(["convert", str(path), "-crop", crop, "+repage", "-strip", str(path)], check=True)


def tour(language, scheme, visit):
    looks = {"ADW_DEBUG_COLOR_SCHEME": f"prefer-{scheme}"}
    with World(env={**looks, **speak(language)}) as world:
        prepare(world)
        Tour(world, language, lambda name: visit(world.app, name), NAME).walk()


def take_shown(folder, scheme):
    names = SHOWN[scheme]
    taken = set()

    def visit(app, name):
        if name in names:
            take(app, folder / f"{names[name]}.png", SIZE)
            taken.add(name)

    tour("en", scheme, visit)
    if taken != set(names):
        raise SessionError(f"not seen: {', '.join(set(names) - taken)}; is nginx installed?")


def take_all(folder, language, scheme, width):
    count = 0

    def visit(app, name):
        nonlocal count
        count += 1
        take(app, folder / f"{language}-{count:02}-{name}.png", (width, SIZE[1]))

    tour(language, scheme, visit)


def main(folder, language=None, *more):
    reason = installed()
    if reason:
        print(reason, file=sys.stderr)
        return 1
    folder = pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if language in SHOWN:
        take_shown(folder, language)
    elif language:
        width = next((int(word) for word in more if word.isdigit()), SIZE[0])
        take_all(folder, language, "dark" if "dark" in more else "light", width)
    else:
        # One process can use one session.
        for scheme in SHOWN:
            subprocess.run([sys.executable, __file__, str(folder), scheme], check=True)
    print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
