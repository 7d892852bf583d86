# SPDX-License-Identifier: GPL-3.0-or-later
"""Test Anything Protocol for the test programs that are written in Python."""

import sys
import traceback


class Skip(Exception):
    """Raised by a test that cannot run here; its text says why."""


class Tap:
    """Runs named functions and prints a TAP line for each."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def run(self, name, function, *arguments):
        """Calls the function: it passes unless it raises. Returns whether it passed."""
        self.count += 1
        try:
            function(*arguments)
        except Skip as reason:
            self._line(f"ok {self.count} {name} # SKIP {reason}")
            return False
        except Exception:  # pylint: disable=broad-except
            self.failed += 1
            self._line(f"not ok {self.count} {name}")
            self.note(traceback.format_exc())
            return False
        self._line(f"ok {self.count} {name}")
        return True

    def skip_rest(self, reason):
        """Counts as one test that was skipped."""
        self.count += 1
        self._line(f"ok {self.count} everything else # SKIP {reason}")

    def note(self, text):
        for line in text.rstrip("\n").splitlines():
            self._line(f"# {line}")

    def end(self):
        """Prints the plan and returns the exit status."""
        self._line(f"1..{self.count}")
        return 1 if self.failed else 0

    @staticmethod
    def _line(text):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
