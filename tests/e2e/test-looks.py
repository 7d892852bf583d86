#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No screen is wider than 360 pixels: test-looks.py LANGUAGE

The pictures of all screens, as narrow and wide, are left in the folder that
CERTWRIGHT_LOOKS names; ADW_DEBUG_COLOR_SCHEME and ADW_DEBUG_HIGH_CONTRAST change their looks.
"""

import os
import pathlib
import sys

from scenario import World, check, main
from tour import LOCALES, Tour, speak

LOOKS = {name: value for name, value in os.environ.items() if name.startswith("ADW_DEBUG_")}
WIDTH = 360
WIDE = 1000
HEIGHT = 700

def screens(language):
    folder = os.environ.get("CERTWRIGHT_LOOKS")
    count = 0

    def run(world: World):
        app = world.app

        def fits(name):
            """Whether this screen is as narrow as it was made; a picture of it."""
            nonlocal count
            count += 1
            for width in (WIDE, WIDTH) if folder else (WIDTH,):
                app.resize(width, HEIGHT)
                if folder:
                    picture = f"{language}-{count:02}-{name}-{width}.png"
                    app.picture(pathlib.Path(folder) / picture)
            width = app.minimum_width()
            check(width <= WIDTH, f"{name} needs {width} pixels")
            check(width > WIDTH // 2, f"{name} says that {width} pixels are enough")

        tour = Tour(world, language, fits)
        if language != "en":
            check(tour.say("_Get a Certificate") != "Get a Certificate", "no translation")
        tour.walk()

    return run


def spoken(language):
    """The session's arguments."""
    return lambda: {"env": {**LOOKS, **speak(language)}}


if __name__ == "__main__":
    sys.exit(
        main(
            {
                language: (spoken(language), ((f"/looks/{language}", screens(language)),))
                for language in ("en", *LOCALES)
            }
        )
    )
