#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up meson's testlog.json, test case by test case.

summary.py TESTLOG STATUS-OF-MESON-TEST

Ends with "N passed, N failed" (and ", N skipped"); succeeds if none failed.
"""

import json
import re
import sys

LINE = re.compile(r"^( *)(not )?ok\b[ \t]*\d*[ \t-]*(.*)$")
PLAN = re.compile(r"^ *1\.\.0\b(?:.*# *SKIP\b *(.*))?", re.IGNORECASE)
GOOD = ("OK", "EXPECTEDFAIL", "SKIP")
LAST = 25


def cases(output):
    """Yields (name, result, reason) for each TAP line that stands for itself.

    A line that follows deeper ones only repeats their result.
    """
    deepest = 0
    for line in output.splitlines():
        plan = PLAN.match(line)
        if plan:
            yield "all of it", "skip", plan.group(1) or ""
            continue
        match = LINE.match(line)
        if not match:
            continue
        indent, failed = len(match.group(1)), bool(match.group(2))
        repeats, deepest = indent < deepest, indent
        name, _, directive = match.group(3).partition("#")
        word, _, reason = directive.strip().partition(" ")
        if repeats:
            continue
        if word.upper() == "SKIP":
            yield name.strip(), "skip", reason
        else:
            yield name.strip(), "fail" if failed else "pass", ""


def program_cases(entry):
    """The cases of one test program; one at least."""
    found = list(cases(entry.get("stdout") or ""))
    result = entry["result"]
    if not found:
        one = "skip" if result == "SKIP" else "pass" if result in GOOD else "fail"
        found = [("", one, "")]
    elif result not in GOOD and not any(case[1] == "fail" for case in found):
        # It crashed, timed out, or ended before its plan did.
        found.append((f"({result.lower()})", "fail", ""))
    return [(f"{entry['name']} {name}".strip(), one, reason) for name, one, reason in found]


def last_words(entry):
    """What a program that failed said of it, and its last lines; indented."""
    said = (entry.get("stdout") or "").splitlines()
    said = [line for line in said if line.lstrip().startswith(("#", "not ok", "Bail out!"))]
    said += (entry.get("stderr") or "").splitlines()
    return "".join(f"    {line}\n" for line in said[-LAST:])


def read(path):
    try:
        with open(path, encoding="utf-8") as log:
            return [json.loads(line) for line in log if line.strip()]
    except OSError:
        return []


def main(path, status):
    total = {"pass": 0, "fail": 0, "skip": 0}
    for entry in read(path):
        for name, result, reason in program_cases(entry):
            total[result] += 1
            if result == "fail":
                print(f"failed: {name}")
            elif result == "skip":
                print(f"skipped: {name}{': ' + reason if reason else ''}")
        if entry["result"] not in GOOD:
            print(last_words(entry), end="")
    if status and not total["fail"]:
        print("failed: meson test, see above")
        total["fail"] += 1
    skipped = f", {total['skip']} skipped" if total["skip"] else ""
    print(f"{total['pass']} passed, {total['fail']} failed{skipped}")
    return 1 if total["fail"] or not total["pass"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
