#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up what the Flatpak's tests say: run.py FOLDER [GROUP...]

FOLDER is what "stand-in build" has filled. The unit tests ran in the SDK's sandbox when it
was built; the groups of test-sandbox.py run now, each in a session of its own. Ends with
"N passed, N failed".
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "session"))

# pylint: disable=wrong-import-position
import summary

TESTS = HERE / "test-sandbox.py"
GROUPS = ("main-job", "files", "secrets", "locked", "bundle", "no-portal")
# It changes what every sandbox of the installation may do, and changes it back.
ALONE = ("no-secret-portal",)
LIMIT = 600


def run_group(group):
    """(name, result) of each of its tests."""
    command = [str(HERE / "stand-in"), "inside", "/usr/bin/python3", str(TESTS), group]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=LIMIT,
        )
        output, status = done.stdout, done.returncode
    except subprocess.TimeoutExpired as error:
        output, status = (error.stdout or b"").decode(errors="replace"), 124
    found = [case[:2] for case in summary.cases(output)]
    if status and not any(result == "fail" for _, result in found):
        found.append((f"{group} (status {status})", "fail"))
    print(f"######## {group}\n{output}", end="", flush=True)
    return found


def unit_tests(folder):
    """Those that ran in the SDK's sandbox."""
    logs = sorted(folder.glob("state/build/certwright-*/*/meson-logs/testlog.json"))
    found = []
    for entry in summary.read(logs[-1]) if logs else []:
        found += [case[:2] for case in summary.program_cases(entry)]
    return found or [("unit tests in the SDK's sandbox", "fail")]


def main(folder, groups):
    folder = pathlib.Path(folder).resolve()
    os.environ["FLATPAK_USER_DIR"] = str(folder / "installation")
    results = [] if groups else unit_tests(folder)
    together = [group for group in groups or GROUPS if group not in ALONE]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for found in pool.map(run_group, together):
            results += found
    for group in groups or ALONE:
        if group in ALONE:
            results += run_group(group)

    count = {word: sum(1 for _, result in results if result == word) for word in ("pass", "fail", "skip")}
    for name, result in results:
        if result == "fail":
            print(f"failed: {name}")
    skipped = f", {count['skip']} skipped" if count["skip"] else ""
    print(f"{count['pass']} passed, {count['fail']} failed{skipped}")
    return 1 if count["fail"] or not count["pass"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else __doc__)
