#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that are printed for what is in the store, and what they give."""

import pathlib
import subprocess
import sys
import tempfile

from cli import FINE, PROBLEM, PROGRAM, USAGE, check, main, openssl, same  # pylint: disable=unused-import

PARTS = ("request", "self-sign", "sign", "verify", "test", "convert")
NAMES = ("--subject", "O=it's $(touch pwned)", "--alt-name", "email:steve@example.com")
ASKED = ("req", "-noout", "-subject", "-reqopt", "no_pubkey,no_sigdump", "-text")


def sh(folder, script):
    command = ["sh", "-e", "-c", script]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def request(world):
    """What they make asks for the same as what was made here, and has a key of its own."""
    _, path = world.request("steve@example.com", *NAMES)
    with tempfile.TemporaryDirectory() as folder:
        sh(folder, world.expect(FINE, "commands", "steve@example.com", "--for", "request").text)
        theirs = f"{folder}/steve@example.com.csr"
        same(openssl(*ASKED, "-in", theirs), openssl(*ASKED, "-in", path), "what is asked for")
        keys = {openssl("req", "-in", each, "-noout", "-pubkey") for each in (theirs, path)}
        same(len(keys), 2, "keys")


def parts(world):
    """Without --for it is the next one alone: all at once are for other moments."""
    said = world.expect(FINE, "commands", "steve@example.com").text
    for part in PARTS:
        one = world.expect(FINE, "commands", "--for", part, "steve@example.com").text
        same(one in said, part == "request", f"{part} is there")
        check("PRIVATE KEY" not in one and "\x1b" not in one, one)
    heading = said.splitlines()[:2]
    check("(--for request)" in heading[0], heading)
    check(heading[1].endswith(", ".join(PARTS[1:])), heading)


def saved(world):
    """The files of each part are those that its first commands save."""
    name, request_file = world.request("saved")
    said = world.expect(FINE, "commands", "--for", "verify", name).text
    check("certwright-cli" not in said, "files before there is a certificate")
    world.expect(FINE, "import", world.sign(request_file, "saved.pem"))
    path = f"{pathlib.Path(PROGRAM).parent}:/usr/bin:/bin"

    def run(folder, script):
        command = ["sh", "-e", "-c", script]
        env = {"PATH": path}
        result = world.session.run(command, cwd=folder, env=env, capture_output=True, check=False)
        same(result.returncode, 0, f"{script}\n{result.stderr.decode()}")
        return result.stdout.decode()

    with tempfile.TemporaryDirectory() as folder:
        script = world.expect(FINE, "commands", name).text
        check("(--for verify)" in script, script)
        check("saved.crt: OK" in run(folder, script), "it is not verified")
    for part, more, files in (
        ("test", ("--server-cas", "reply"), {"saved.key", "saved.crt", "saved-chain.pem", "server-ca.pem"}),
        ("test", ("--server-cas", "system"), {"saved.key", "saved.crt", "saved-chain.pem"}),
        ("convert", (), {"saved.key", "saved.crt", "saved-chain.pem"}),
    ):
        script = world.expect(FINE, "commands", "--for", part, *more, name).text
        with tempfile.TemporaryDirectory() as folder:
            first, rest = script.split("\n\n", 1)
            run(folder, first)
            same({each.name for each in pathlib.Path(folder).iterdir()}, files, f"files for {part}")
            check(all(each in rest for each in files), f"{part} uses not all of {files}: {rest}")
            check("-----BEGIN" not in script, script)
            if part == "convert":
                run(folder, rest[: rest.index("{\n")])
                check((pathlib.Path(folder) / "saved.p7b").exists(), "no PKCS#7")


def address(world):
    def said(url):
        return world.expect(FINE, "commands", "--for", "test", "--address", url, "steve").text

    name, _ = world.request("steve")
    check("-connect '[::1]:8443'" in said("[::1]:8443"), "IPv6")
    check("mosquitto_" in said("mqtts://broker.example.com"), "MQTT")
    check("Upgrade: websocket" in said("wss://example.com/a?b=$c"), "WebSocket")
    check("'https://example.com:443/a?b=$c'" in said("https://example.com/a?b=$c"), "quoted")
    check("--address" in world.expect(USAGE, "commands", "--for", "test", "--address", "http://x", name).err, "http")


def consumer(world):
    """How the consumer connects, and what it may publish, where nothing else is known."""
    world.request("device.example.com", "--profile", "thingsboard")
    said = world.expect(FINE, "commands", "--for", "test", "device.example.com").text
    for words in ("-connect server.example.com:8883", "--capath /etc/ssl/certs", "v1/devices/me/telemetry", "'{\"temperature\":25}'"):
        check(words in said, f"no {words} in {said}")


def authority(world):
    """Of a CA that is kept it is said that the commands make another one."""
    other = "This is another CA"
    world.expect(FINE, "ca", "create", "--common-name", "Test CA")
    said = world.expect(FINE, "commands", "Test CA").text
    check(other in said and "(--for sign)" in said and "with --for:" not in said, said)
    check("\n# openssl ca " in said and "\nopenssl ca -config ca.cnf -revoke" not in said, said)
    check(other not in world.expect(FINE, "commands", "--for", "sign", "steve@example.com").text, other)


def misuse(world):
    for arguments, word in (
        ((), "Name one"),
        (("a", "b"), "Name one"),
        (("nobody",), "nobody"),
        (("--for", "x", "steve"), "--for"),
    ):
        result = world.expect(USAGE, "commands", *arguments)
        check(word in result.err and not result.out, (arguments, result.err))


if __name__ == "__main__":
    sys.exit(
        main(
            (
                ("/cli/commands/request", request),
                ("/cli/commands/parts", parts),
                ("/cli/commands/saved", saved),
                ("/cli/commands/address", address),
                ("/cli/commands/consumer", consumer),
                ("/cli/commands/authority", authority),
                ("/cli/commands/misuse", misuse),
            )
        )
    )
