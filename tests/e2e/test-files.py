#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
""""I Already Have Files…": keys and certificates that were made elsewhere, and go elsewhere."""

import shutil
import stat
import subprocess
import sys

from scenario import VALID, Reply, World, check, fingerprint_of_key, main, openssl, same

SESAME = "open sesame"


def make(world, name, *options):
    """A key and its certificate, made with openssl alone: (key, certificate)."""
    key = world.folder / f"{name}.key"
    csr = world.folder / f"{name}.csr"
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", key)
    more = ("-addext", f"subjectAltName=email:{name}@example.com")
    more += ("-addext", "extendedKeyUsage=clientAuth", "-out", csr)
    subject = ("-subj", f"/CN={name}@example.com")
    openssl("req", "-new", *kind, *subject, *more, *(options or ("-nodes",)))
    return key, world.sign(csr, f"{name}.pem")


def send(world, folder, *files):
    folder = world.folder / folder
    folder.mkdir()
    return [shutil.copy(path, folder) for path in files]


def taken_over(world, name):
    app = world.app
    app.says(VALID)
    app.says("The certificate and its key are both here. They can be imported.")
    app.click("button", "Import")
    world.skip_test()
    rows = {title: value for title, value in world.rows("title, certificate")}
    check(rows[f"{name}@example.com"], "no certificate in the store")
    world.home()


def kept(world, pem):
    wanted = fingerprint_of_key(pem)
    found = [item["spki-sha256"] for item in world.session.keyring_items()]
    check(wanted in found, f"the key is not in the keyring: {found}")


def several(world: World):
    world.start()
    key, certificate = make(world, "ann")
    root, inter = world.authorities
    chain = world.folder / "chain.pem"
    chain.write_text(inter.certificate.read_text() + root.certificate.read_text())
    world.import_files(*send(world, "several", key, certificate, chain))
    taken_over(world, "ann")
    kept(world, key.read_bytes())


def encrypted(world):
    app = world.app
    key, certificate = make(world, "bob", "-passout", "pass:open sesame")
    world.import_files(*send(world, "encrypted", key, world.chain_file(certificate)))
    app.says("Encrypted: needs its passphrase")
    world.respond_unlock("not that")
    app.says("The passphrase does not open the private key.")
    check(not app.find("button", "Import").sensitive, "imported without its key")
    world.respond_unlock("open sesame")
    taken_over(world, "bob")
    plain = openssl("pkey", "-in", key, "-passin", "pass:open sesame")
    kept(world, plain.encode())


def pkcs12(world):
    key, certificate = make(world, "cora")
    root, inter = world.authorities
    reply = Reply(world.folder / "cora", key, certificate, inter.certificate, root.certificate)
    form = {name: (files, phrase) for name, files, phrase in reply.forms()}["pkcs12"]
    world.import_files(*form[0])
    world.app.says("Encrypted: needs its passphrase")
    world.respond_unlock(form[1])
    taken_over(world, "cora")
    kept(world, key.read_bytes())


def opened_by(path, passphrase, *command):
    """What openssl says of a file, given the passphrase as no other process can see it."""
    command = ["openssl", *command, "-in", str(path), "-passin", "stdin"]
    result = subprocess.run(
        command, input=f"{passphrase}\n", capture_output=True, text=True, check=False
    )
    return result.returncode == 0, result.stdout


def export(world, name, path):
    """From the page, with the passphrase typed already; only its owner can read the file."""
    app = world.app
    app.click("button", "Save…")
    app.choose_file(path, "Save")
    app.says(f"“{path}” holds the private key, protected by the passphrase.")
    same(stat.S_IMODE(path.stat().st_mode), 0o600, f"mode of {name}")


def exported(world):
    """Key and certificates leave as they came, for whoever has the passphrase."""
    app = world.app
    key = world.folder / "cora.key"
    world.row_menu("cora@example.com", "Show Details")
    app.click("button", "Export…")
    app.find("label", "Kind of File")
    check(not app.find("button", "Save…").sensitive, "saved without a passphrase")
    app.type_passphrase("Passphrase", SESAME)
    app.type_passphrase("The same again", SESAME)
    app.wait_for(lambda: app.find("button", "Save…").sensitive, "Save")

    path = world.folder / "exported.p12"
    export(world, "PKCS#12", path)
    fits, text = opened_by(path, SESAME, "pkcs12", "-nodes")
    check(fits, text)
    same(fingerprint_of_key(text.encode()), fingerprint_of_key(key.read_bytes()), "key")
    same(text.count("BEGIN CERTIFICATE"), 2, "certificates without the root")
    check(not opened_by(path, "not that", "pkcs12", "-nodes")[0], "opened by another passphrase")

    app.point(app.find("check", "Encrypted Private Key"))
    path = world.folder / "exported.key"
    export(world, "the key", path)
    check(path.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "not encrypted")
    fits, text = opened_by(path, SESAME, "pkey")
    check(fits, text)
    same(fingerprint_of_key(text.encode()), fingerprint_of_key(key.read_bytes()), "key")
    check(not opened_by(path, "not that", "pkey")[0], "opened by another passphrase")
    world.home()


def old_key_form(world):
    """SEC1, DER: what older programs write."""
    key, certificate = make(world, "dora")
    old = world.folder / "dora.der"
    openssl("ec", "-in", key, "-outform", "DER", "-out", old)
    world.import_files(*send(world, "old", old, certificate))
    app = world.app
    app.says("The certificate and its key are both here.")
    app.says("but look at this first")  # it has no chain
    app.click("button", "Import")
    world.skip_test()
    kept(world, key.read_bytes())
    world.home()


def certificate_alone(world):
    app = world.app
    _, certificate = make(world, "eve")
    before = world.rows()
    world.import_files(certificate)
    app.says("The private key of these certificates is not here, and no request of yours")
    check(not app.find("button", "Import").sensitive, "imported without its key")
    app.find("label", "A certificate: eve@example.com")
    app.click("button", "Start Over")
    app.wait_gone("label", "A certificate: eve@example.com")
    same(world.rows(), before, "rows")
    world.home()


def key_alone(world):
    """It becomes a draft, whose request is made with that very key."""
    app = world.app
    key, _ = make(world, "fred")
    before = len(world.session.keyring_items())
    world.import_files(key)
    app.says("A key without a certificate. It can be imported, and a request made with it.")
    app.click("button", "Import")
    app.find("label", "What Is It For?")
    app.click("button", "Next")
    app.find("label", "Who Is It For?")
    app.set_text("Name or e-mail address", "fred@example.com")
    app.click("button", "Next")
    app.says("The key is in the keyring already and will be used.")
    app.click("button", "Next")
    app.find("label", "Review")
    app.click("button", "Create Request")
    app.find("label", "Send the Request", limit=40)
    rows = dict(world.rows("title, key_fingerprint"))
    same(rows["fred@example.com"], fingerprint_of_key(key.read_bytes()), "key of the request")
    check(world.check_keys() >= 1, "no request")
    same(len(world.session.keyring_items()), before + 1, "keys")
    world.quit()


def import_key(world, name):
    """A key alone becomes a draft without a name; shows the list."""
    app = world.app
    key, certificate = make(world, name)
    world.import_files(key)
    app.says("A key without a certificate.")
    app.click("button", "Import")
    app.find("label", "What Is It For?")
    world.home()
    app.find("label", "Untitled certificate")
    return key, certificate


def key_then_certificate(world):
    """The certificate for a key that was imported before is known by it."""
    app = world.start()
    key, certificate = import_key(world, "gina")
    app.drop_files([certificate])
    app.says("This is the certificate for “Untitled certificate”. It will be added to that entry.")
    app.click("button", "Import")
    world.skip_test()
    kept(world, key.read_bytes())
    world.home()
    app.find("label", "gina@example.com")
    check(not app.exists("label", "Untitled certificate"), "a second entry")


def key_deleted(world):
    """The question says that the key goes too."""
    app = world.app
    before = len(world.session.keyring_items())
    import_key(world, "hal")
    same(len(world.session.keyring_items()), before + 1, "keys")
    world.row_menu("Untitled certificate", "Delete…")
    app.says("and its imported private key are deleted, also from the keyring")
    app.respond("Delete")
    app.wait_gone("label", "Untitled certificate")
    same(len(world.session.keyring_items()), before, "keys")
    world.quit()


def opened(world):
    """"Open with Certwright" starts it with the files; so it is when it runs already."""
    app = world.app
    key, certificate = make(world, "ivy")
    program = list(app.command)
    app.command = program + [str(certificate)]
    app.start()
    app.find("label", "A certificate: ivy@example.com")
    app.command = program
    second = world.session.popen(program + [str(key)], env=app.env)
    same(second.wait(app.limit), 0, "status of the second instance")
    app.says("The certificate and its key are both here.")
    app.click("button", "Import")
    world.skip_test()
    kept(world, key.read_bytes())
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    {},
                    (
                        ("/files/several", several),
                        ("/files/encrypted", encrypted),
                        ("/files/pkcs12", pkcs12),
                        ("/files/exported", exported),
                        ("/files/old-key-form", old_key_form),
                        ("/files/certificate-alone", certificate_alone),
                        ("/files/key-alone", key_alone),
                        ("/files/key-then-certificate", key_then_certificate),
                        ("/files/key-deleted", key_deleted),
                        ("/files/opened", opened),
                    ),
                )
            }
        )
    )
