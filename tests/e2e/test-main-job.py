#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job, as a person does it: from the first start to the YAML that is pasted."""

import re
import stat
import subprocess
import sys
import time

from scenario import VALID, World, blocks, check, fingerprint_of_key, main, openssl, same

NAME = "steve@example.com"
UNIT = "Organisational unit"
CLIENT = "Prove who is calling (client authentication)"
MAIL = "Sign and encrypt e-mail (e-mail protection)"
UNITS = ("Lighting", "Level 3")

# What a person chooses in the menu, what they type, what openssl calls it.
NAMES = (
    ("Host name", "Host name", "device.example.com", "DNS:device.example.com"),
    ("Host name", "Host name", "*.example.com", "DNS:*.example.com"),
    ("Host name", "Host name", "küche.example.com", "DNS:xn--kche-0ra.example.com"),
    ("IP address", "IP address", "192.0.2.7", "IP Address:192.0.2.7"),
    ("IP address", "IP address", "2001:db8::7", "IP Address:2001:DB8:0:0:0:0:0:7"),
    ("URI", "URI", "https://example.com/device/7", "URI:https://example.com/device/7"),
    ("User principal name", "User principal name", "steve@corp.example.com", "othername: UPN"),
    ("Other name", "Other name (OID;text)", "2.999.7;seven", "othername: 2.999.7"),
)


def first_start(world: World):
    app = world.start()
    app.find("button", "Get a Certificate")
    app.find("button", "I Already Have Files…")
    app.resize(900, 760)
    app.click("button", "Get a Certificate")
    app.find("label", "What Is It For?")
    check(app.find("check", "PlaceOS Driver or Module").checked, "PlaceOS is not chosen")
    app.click("button", "Next")
    app.find("label", "Who Is It For?")
    check(not app.find("button", "Next").sensitive, "Next without a name")


def type_name(world):
    app = world.app
    # A keyboard that has an ü on it.
    world.session.run(["setxkbmap", "us", "altgr-intl"], check=True)
    app.type_into("Name or e-mail address", NAME)
    app.says(f"Use {NAME} as another name too?")
    app.click("button", "Add")
    same(app.read("entry", "E-mail address"), NAME, "the name offered")
    app.type_into("Organisation", "Example")
    app.type_into(UNIT, UNITS[0])
    check(app.find("button", "Next").sensitive, "no Next with a name")


def more_fields(world):
    app = world.app
    app.point(app.find("label", "More Options"))
    app.find("button", "Add a Field")
    add_from_menu(app, "Add a Field", UNIT)
    entries = app.wait_for(lambda: _two(app.all("entry", UNIT)), "a second unit")
    app.point(entries[1])
    app.type(UNITS[1])
    app.wait_for(lambda: app.all("entry", UNIT)[1].text() == UNITS[1], "the second unit")
    app.type_into("City or town", "Sydney")
    choose_country(app, "Australia")


def _two(nodes):
    return nodes if len(nodes) == 2 else None


def add_from_menu(app, button, item):
    app.click("button", button)
    app.click("menu-item", item)
    app.wait_gone("menu-item", item)


def choose_country(app, name):
    """The list is searched by typing."""
    app.point(next(node for node in app.all("combo") if node.name == "Country"))
    app.find("row", "Albania (AL)")
    if not any("focused" in node.states for node in app.all("entry")):
        app.xdotool("key", "shift+Tab")  # GTK 4.8 begins in the list
    app.xdotool("type", "--delay", "30", name)
    app.wait_gone("row", "Albania (AL)")
    app.xdotool("key", "Tab", "Return")
    app.says("C = AU")


def alternative_names(world):
    app = world.app
    for item, title, value, _ in NAMES:
        count = len(app.all("entry", title))
        add_from_menu(app, "Add a Name", item)

        def new(title=title, count=count):
            found = app.all("entry", title)
            return found[-1] if len(found) == count + 1 else None

        node = app.wait_for(new, f"a row for {title}")
        app.type(value)
        app.wait_for(lambda node=node, value=value: node.text() == value, f"{title} {value}")
    check(app.find("button", "Next").sensitive, f"a name is refused: {app.texts()}")


def wrong_name(world):
    """Said while it is typed; and Next is not there until it is right."""
    app = world.app
    app.type_into("E-mail address", "steve@")
    app.says("“steve@” has nothing after the “@”.")
    app.wait_for(lambda: not app.find("button", "Next").sensitive, "Next to go")
    app.type_into("E-mail address", NAME)
    app.wait_for(lambda: app.find("button", "Next").sensitive, "Next to come back")


def usages(world):
    app = world.app
    check(app.find("check", CLIENT).checked, "client authentication is off")
    app.point(app.find("label", "More Usages"))
    app.click("check", MAIL)
    app.wait_for(lambda: app.find("check", MAIL).checked, "a second usage")
    app.type_into("Other usage (OID)", "2.999.8")
    app.key("Return")
    app.find("check", "2.999.8")


def create(world):
    app = world.app
    app.click("button", "Next")
    app.find("label", "Kind of Key")
    check(app.find("check", "RSA 3072").checked, "RSA 3072 is not chosen")
    world.choose_key("EC P-256")
    app.click("button", "Next")
    app.find("label", "Review")
    for _, _, value, _ in NAMES:
        app.says(value.split(";")[0])
    app.says("EC P-256")
    app.click("button", "Create Request")
    app.find("label", "Send the Request", limit=40)
    same(world.check_keys(), 1, "requests with their key")


def save_request(world):
    app = world.app
    path = world.folder / "saved.csr"
    app.click("button", "Save…")
    app.choose_file(path, "Save")
    app.wait_for(lambda: path.exists() and path.stat().st_size, "the saved request")
    app.click("button", "Copy")
    same(app.wait_for(app.clipboard, "the request on the clipboard"), path.read_text(), "copied")
    openssl("req", "-in", path, "-noout", "-verify")
    text = openssl("req", "-in", path, "-noout", "-text", "-nameopt", "oneline,utf8,-esc_msb")
    for _, _, _, wanted in NAMES:
        check(wanted in text, f"{wanted} is not asked for:\n{text}")
    for wanted in (f"email:{NAME}", "E-mail Protection", "2.999.8", "TLS Web Client Auth"):
        check(wanted in text, f"{wanted} is not asked for:\n{text}")
    subject = next(line for line in text.splitlines() if "Subject:" in line)
    found = re.findall(r"(CN|OU|O|L|C) = ([^,]+)", subject)
    check(("C", "AU") in found and ("L", "Sydney") in found and ("O", "Example") in found, subject)
    same([value for key, value in found if key == "OU"], list(UNITS), "units, in order")


def waiting(world):
    world.quit()
    app = world.start()
    app.says("Waiting for the CA")
    world.open_reply(NAME)
    check(not app.find("button", "Accept Certificate").sensitive, "accepted without a reply")


def reply(world):
    app = world.app
    certificate = world.sign(world.folder / "saved.csr")
    folder = world.folder / "from-the-ca"
    folder.mkdir()
    root, inter = world.authorities
    files = [folder / "a-root.pem", folder / "b-mine.crt", folder / "c-inter.pem"]
    for path, source in zip(files, (root.certificate, certificate, inter.certificate)):
        path.write_bytes(source.read_bytes())
    world.choose_files(*files)
    app.says(VALID)
    app.says("Your certificate: steve@example.com")
    app.says("Certificate of the CA (intermediate): Example CA")
    app.says("Certificate of the CA (root): Example Root CA")
    app.click("button", "Accept Certificate")
    app.find("label", "Does It Work?")


def masked(world):
    app = world.app
    shown = app.wait_for(lambda: configuration(app), "the YAML")
    check("https_private_key: |" in shown, shown)
    check("BEGIN CERTIFICATE" in shown, shown)
    secret = re.compile(r"^\s*MI[GH][A-Za-z0-9+/]{40}", re.MULTILINE)
    key = shown.split("https_client_cert")[0]
    check(not secret.search(key), "the key can be read before Reveal")
    app.click("button", "Reveal the Private Key")
    app.wait_for(lambda: secret.search(configuration(app).split("https_client_cert")[0]), "the key")
    app.click("button", "Reveal the Private Key")
    app.wait_for(
        lambda: not secret.search(configuration(app).split("https_client_cert")[0]), "the mask"
    )


def configuration(app):
    nodes = [n for n in app.walk() if "multi-line" in n.states]
    return nodes[0].text() if nodes else ""


def check_yaml(world, text):
    """What is pasted, against what openssl and the files say."""
    parts = re.split(r"^(https_\w+):", text, flags=re.MULTILINE)
    same(parts[1::2], ["https_private_key", "https_client_cert", "https_verify"], "settings")
    check(parts[0].startswith("#") and NAME in parts[0], "whose it is")
    key = blocks(parts[2], "PRIVATE KEY")
    same(len(key), 1, "private keys")
    csr = world.rows("csr")[0][0]
    wanted = subprocess.run(
        ["openssl", "req", "-inform", "DER", "-noout", "-pubkey"],
        input=csr, capture_output=True, check=True,
    ).stdout
    got = subprocess.run(
        ["openssl", "pkey", "-pubout"], input=key[0].encode() + b"\n", capture_output=True, check=True
    ).stdout
    same(got, wanted, "the key")
    check(fingerprint_of_key(key[0].encode() + b"\n"), "the key cannot be read")
    files = (world.folder / "leaf.pem", world.authorities[1].certificate)
    wanted = [blocks(path.read_text(), "CERTIFICATE")[0] for path in files]
    same(blocks(parts[4], "CERTIFICATE"), wanted, "leaf, intermediate and no root")
    same(parts[6].strip().strip("\"'"), "peer", "https_verify")


def copy_and_save(world):
    app = world.app
    app.click("button", "Copy")
    app.says("The clipboard is emptied in 60 seconds.")
    copied = app.wait_for(app.clipboard, "the YAML on the clipboard")
    check_yaml(world, copied)
    path = world.folder / "placeos-settings.yaml"
    app.click("button", "Save…")
    app.choose_file(path, "Save")
    app.wait_for(path.exists, "the saved file")
    same(path.read_text(), copied, "saved")
    same(stat.S_IMODE(path.stat().st_mode), 0o600, "its mode")


def cas_from_file(world):
    """A file without a CA is refused, and that stays on the screen; a good one is taken."""
    app = world.app
    check(not app.find("button", "Test Connection").sensitive, "a test without an address")
    app.click("button", "Choose…")
    app.choose_file(world.write_csr(NAME), "Open")
    app.says("There is no CA certificate in this file.")
    time.sleep(1)
    app.says("There is no CA certificate in this file.")
    check(app.find("check", "The system’s CAs").checked, "another choice than before")
    app.click("button", "Choose…")
    app.choose_file(world.authorities[0].certificate, "Open")
    app.wait_for(lambda: app.find("check", "CAs from a file").checked, "the file's CA")
    check(not any("There is no CA" in text for text in app.texts()), "an old error")
    use(world)
    app.wait_for(lambda: "https_ca_certificates: |" in configuration(app), "the file's CA")
    to_test(world)
    app.point(app.find("check", "The system’s CAs"))
    use(world)
    app.says("open the Encrypted tab")


def use(world):
    world.app.click("button", "Next")
    world.app.says("Where to Paste It")


def to_test(world):
    """Back to the test, by the journey bar."""
    world.app.click("button", "Test")
    world.app.find("label", "Does It Work?")


def server_choices(world):
    """The reply's CAs, and no check of the server: only when chosen, and then said."""
    app = world.app
    to_test(world)
    app.point(app.find("check", "The CAs that came with the reply"))
    app.click("check", "Check the server’s certificate")
    app.says("The server will not be checked")
    use(world)
    app.wait_for(lambda: "https_ca_certificates: |" in configuration(app), "the CAs")
    app.wait_for(lambda: re.search(r"https_verify: .?none", configuration(app)), "none")
    app.says("The server will not be checked")
    to_test(world)
    app.click("check", "Check the server’s certificate")
    app.wait_gone("label", "The server will not be checked")
    app.point(app.find("check", "The system’s CAs"))
    use(world)
    app.wait_for(lambda: re.search(r"https_verify: .?peer", configuration(app)), "peer")
    check("https_ca_certificates" not in configuration(app), "CAs that are no longer chosen")
    check(not app.exists("label", "The server will not be checked"), "an old warning")
    app.point(app.find("check", "Private Key Alone"))
    app.wait_for(lambda: "https_client_cert" not in configuration(app), "the key alone")
    app.point(app.find("check", "Certificates Alone"))
    app.wait_for(lambda: "https_private_key" not in configuration(app), "the certificates alone")
    check(not app.exists("button", "Reveal the Private Key"), "a key to reveal without a key")


def done(world):
    app = world.app
    app.click("button", "Done")
    app.says("Your certificate, and below it those who vouch for it.")
    app.click("button", "Back")
    app.says(re.compile("Valid until|Expires in"))
    world.quit()
    app = world.start()
    world.open(NAME)
    app.click("button", "Use It")
    app.wait_for(lambda: "https_private_key: |" in configuration(app), "the YAML another time")
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    {},
                    (
                        ("/main-job/first-start", first_start),
                        ("/main-job/name", type_name),
                        ("/main-job/more-fields", more_fields),
                        ("/main-job/alternative-names", alternative_names),
                        ("/main-job/wrong-name", wrong_name),
                        ("/main-job/usages", usages),
                        ("/main-job/create", create),
                        ("/main-job/request", save_request),
                        ("/main-job/waiting", waiting),
                        ("/main-job/reply", reply),
                        ("/main-job/cas-from-file", cas_from_file),
                        ("/main-job/masked", masked),
                        ("/main-job/copy-and-save", copy_and_save),
                        ("/main-job/server", server_choices),
                        ("/main-job/done", done),
                    ),
                )
            }
        )
    )
