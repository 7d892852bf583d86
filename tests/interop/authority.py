# SPDX-License-Identifier: GPL-3.0-or-later
"""A certification authority of two levels, made with the openssl command.

Only for tests: its keys lie unprotected in a temporary folder.
"""

import pathlib
import subprocess

CONFIG = """
[ca]
default_ca = this

[this]
dir = {folder}
database = $dir/index.txt
serial = $dir/serial
new_certs_dir = $dir
certificate = $dir/ca.pem
private_key = $dir/ca.key
default_md = sha256
default_days = 365
preserve = yes
unique_subject = no
copy_extensions = copy
policy = anything
x509_extensions = issued

[anything]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
emailAddress = optional

[req]
distinguished_name = asked
string_mask = utf8only
prompt = no
[asked]

[issued]
basicConstraints = critical,CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid

[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


def openssl(*arguments, **more):
    """Runs openssl, returns what it prints, raises with its words if it fails."""
    command = ["openssl", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if result.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{result.stdout}{result.stderr}")
    return result.stdout + result.stderr


class Authority:
    """One level: a root by itself, or below another one."""

    def __init__(self, folder, name, parent=None):
        self.folder = pathlib.Path(folder)
        self.parent = parent
        self.folder.mkdir(parents=True)
        self.config = self.folder / "ca.cnf"
        self.certificate = self.folder / "ca.pem"
        self.config.write_text(CONFIG.format(folder=self.folder))
        (self.folder / "index.txt").write_text("")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        key += ("-keyout", self.folder / "ca.key", "-subj", f"/O=Example/CN={name}")
        if parent is None:
            more = ("-x509", "-days", 3650, "-extensions", "authority", "-out", self.certificate)
            openssl("req", "-new", "-config", self.config, *key, *more)
        else:
            request = self.folder / "ca.csr"
            openssl("req", "-new", "-config", self.config, *key, "-out", request)
            parent.sign(request, self.certificate, extensions="authority")

    def sign(self, request, certificate, extensions="issued"):
        """Answers a request as it was asked, with its extensions."""
        command = ("ca", "-batch", "-notext", "-rand_serial", "-config", self.config)
        openssl(*command, "-extensions", extensions, "-in", request, "-out", certificate)

    def make_server(self, folder, names):
        """Key and chain of a server with these names ("DNS:localhost,…")."""
        folder = pathlib.Path(folder)
        folder.mkdir()
        command = ("req", "-new", "-config", self.config, "-newkey", "ec", "-nodes")
        command += ("-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=localhost")
        command += ("-addext", f"subjectAltName={names}", "-addext", "extendedKeyUsage=serverAuth")
        command += ("-addext", "keyUsage=critical,digitalSignature")
        openssl(*command, "-keyout", folder / "server.key", "-out", folder / "server.csr")
        self.sign(folder / "server.csr", folder / "leaf.pem")
        chain = (folder / "leaf.pem").read_text() + self.certificate.read_text()
        (folder / "server.pem").write_text(chain)


class Reply:
    """What a CA sends for a certificate, in each of the forms that CAs use.

    forms() gives (name, files, passphrase).
    """

    PASSPHRASE = "correct horse"

    def __init__(self, folder, key, certificate, intermediate, root):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.key = key
        self.pem = {"leaf": certificate, "intermediate": intermediate, "root": root}

    def forms(self):
        return [
            ("pem", self._pem(), None),
            ("pem-wrong-order", [self._joined("mixed.pem", "root", "leaf", "intermediate")], None),
            ("pem-crlf", [self._crlf()], None),
            ("der", self._der(), None),
            ("pkcs7-pem", [self._pkcs7("PEM")], None),
            ("pkcs7-der", [self._pkcs7("DER")], None),
            ("pkcs12", [self._pkcs12()], self.PASSPHRASE),
            ("single-file", [self._single()], None),
        ]

    def _joined(self, name, *parts):
        path = self.folder / name
        path.write_text("".join(self.pem[part].read_text() for part in parts))
        return path

    def _pem(self):
        return [self.pem["leaf"], self._joined("ca-chain.pem", "intermediate", "root")]

    def _crlf(self):
        path = self._joined("windows.crt", "leaf", "intermediate", "root")
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        return path

    def _der(self):
        files = []
        for part, path in self.pem.items():
            files.append(self.folder / f"{part}.cer")
            openssl("x509", "-in", path, "-outform", "DER", "-out", files[-1])
        return files

    def _pkcs7(self, form):
        path = self.folder / f"reply-{form.lower()}.p7b"
        parts = [word for part in self.pem.values() for word in ("-certfile", part)]
        openssl("crl2pkcs7", "-nocrl", *parts, "-outform", form, "-out", path)
        return path

    def _pkcs12(self):
        path = self.folder / "reply.p12"
        chain = self._joined("p12-chain.pem", "intermediate", "root")
        command = ("pkcs12", "-export", "-inkey", self.key, "-in", self.pem["leaf"])
        command += ("-certfile", chain, "-name", "steve@example.com")
        openssl(*command, "-passout", f"pass:{self.PASSPHRASE}", "-out", path)
        return path

    def _single(self):
        path = self._joined("all.pem", "leaf", "intermediate", "root")
        path.write_text(pathlib.Path(self.key).read_text() + path.read_text())
        return path
