# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for the servers of these tests and for who connects to them.

Only for tests: the keys lie unprotected in a temporary folder.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "interop"))

# pylint: disable=wrong-import-position
from authority import Authority, openssl

EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
RSA = ("-newkey", "rsa:2048")
LOOPBACK = "DNS:localhost,IP:127.0.0.1,IP:::1"


class Leaf:
    """A key, a certificate, and the certificate with its chain: three files."""

    def __init__(self, folder):
        self.folder = folder
        self.key = folder / "key.pem"
        self.certificate = folder / "leaf.pem"
        self.chain = folder / "chain.pem"

    def set_chain(self, *above):
        parts = (self.certificate, *above)
        self.chain.write_text("".join(part.read_text() for part in parts))
        return self


class Issuer(Authority):
    """A CA that also signs what is out of date, and revokes."""

    def request(self, leaf, subject, names, usage, key=EC):
        extensions = ["-addext", f"extendedKeyUsage={usage}"]
        if names:
            extensions += ["-addext", f"subjectAltName={names}"]
        leaf.folder.mkdir()
        command = ("req", "-new", "-nodes", "-config", self.config, *key, "-subj", subject)
        openssl(*command, *extensions, "-keyout", leaf.key, "-out", leaf.folder / "csr.pem")

    def issue(self, folder, subject, names, usage, dates=(), key=EC):
        """A leaf with its chain; the dates are years, from and to."""
        leaf = Leaf(folder)
        self.request(leaf, subject, names, usage, key)
        command = ["ca", "-batch", "-notext", "-rand_serial", "-config", self.config]
        for option, year in zip(("-startdate", "-enddate"), dates):
            command += [option, f"{year}0101000000Z"]
        openssl(*command, "-extensions", "issued", "-in", leaf.folder / "csr.pem",
                "-out", leaf.certificate)  # fmt: skip
        return leaf.set_chain(*self.path())

    def path(self):
        """The certificates from this one up, without the root."""
        return (self.certificate, *self.parent.path()) if self.parent else ()

    def revoke(self, leaf):
        openssl("ca", "-batch", "-config", self.config, "-revoke", leaf.certificate)

    def make_crl(self):
        crl = self.folder / "crl.pem"
        openssl("ca", "-batch", "-config", self.config, "-gencrl", "-crldays", 30, "-out", crl)
        return crl


    def make_old(self):
        """A root's certificate that has expired: the same name and key."""
        request, old = self.folder / "old.csr", self.folder / "old.pem"
        subject = openssl("x509", "-in", self.certificate, "-noout", "-subject", "-nameopt", "compat")
        subject = subject.strip().partition("=")[2]
        openssl("req", "-new", "-config", self.config, "-key", self.folder / "ca.key",
                "-subj", subject, "-out", request)  # fmt: skip
        openssl("ca", "-batch", "-notext", "-rand_serial", "-config", self.config, "-selfsign",
                "-extensions", "authority", "-startdate", "20200101000000Z", "-enddate",
                "20210101000000Z", "-in", request, "-out", old)  # fmt: skip
        return old


class Pki:
    """Two trees, one for servers and one for clients, and a CA that nobody knows."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.server_root = Issuer(self.folder / "server-root", "Server Root CA")
        self.server_inter = Issuer(self.folder / "server-inter", "Server CA", self.server_root)
        self.root = Issuer(self.folder / "root", "Client Root CA")
        self.inter = Issuer(self.folder / "inter", "Client CA", self.root)
        self.other = Issuer(self.folder / "other", "Other Root CA")
        self.servers = {}
        self.clients = {}

    def server(self, name, issuer=None, names=LOOPBACK, cn="localhost", usage="serverAuth", **more):
        leaf = (issuer or self.server_inter).issue(
            self.folder / f"server-{name}", f"/CN={cn}", names, usage, **more
        )
        self.servers[name] = leaf
        return leaf

    def client(self, name, usage="clientAuth", **more):
        leaf = self.inter.issue(
            self.folder / f"client-{name}", f"/CN={name}@example.com", f"email:{name}@example.com",
            usage, **more,
        )  # fmt: skip
        leaf.set_chain(*self.inter.path(), self.root.certificate)
        self.clients[name] = leaf
        return leaf

    def make_servers(self):
        self.server("good")
        self.server("expired", dates=(2020, 2021))
        self.server("future", dates=(2040, 2041))
        self.server("wrong-host", names="DNS:other.example.com")
        self.server("cn-only", names=None)
        self.server("ip-only", names="IP:127.0.0.1", cn="server")
        self.server("of-reply", issuer=self.inter)
        self.server("of-other", issuer=self.other)
        self.server("rsa", key=RSA)
        self.server("client-only", usage="clientAuth")
        self.server("alone").set_chain()
        self.server("of-reply-alone", issuer=self.inter).set_chain()
        names = f"subjectAltName={LOOPBACK}"
        self.servers["self-signed"] = self._self_signed("server-self-signed", "localhost", names)
        self.old_root = self.server_root.make_old()

    def _self_signed(self, name, cn, extension):
        leaf = Leaf(self.folder / name)
        leaf.folder.mkdir()
        command = ("req", "-x509", "-nodes", "-days", 30, "-config", self.server_root.config, *EC)
        openssl(*command, "-subj", f"/CN={cn}", "-addext", extension,
                "-keyout", leaf.key, "-out", leaf.certificate)  # fmt: skip
        return leaf.set_chain()

    def make_clients(self):
        self.client("steve")
        self.client("expired", dates=(2020, 2021))
        self.client("server-only", usage="serverAuth")
        self.client("weak", key=("-newkey", "rsa:1024"))
        self.client("rootless").set_chain(*self.inter.path())
        revoked = self.client("revoked")
        self.inter.revoke(revoked)
        usage = "extendedKeyUsage=clientAuth"
        self.clients["by-itself"] = self._self_signed("client-by-itself", "by-itself", usage)

    def join(self, name, *files):
        path = self.folder / name
        path.write_text("".join(file.read_text() for file in files))
        return path

    def crls(self):
        """The lists of both CAs of the clients, in one file."""
        return self.join("crls.pem", self.inter.make_crl(), self.root.make_crl())
