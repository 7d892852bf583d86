#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private CA's certificates, used: private-ca.py ISSUE

nginx with a certificate and a revocation list of the CA's, curl with others;
openssl and GnuTLS as judges. Requests come from openssl and GnuTLS.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "session"), str(HERE)]

# pylint: disable=wrong-import-position
from authority import openssl
from run import check
from servers import Servers
from tap import Skip, Tap

HOST = "device.example.com"

TLS = """
ssl_certificate {folder}/server.pem;
ssl_certificate_key {folder}/server.key;
ssl_client_certificate {folder}/ca.pem;
ssl_verify_client on;
ssl_crl {folder}/crl.pem;
"""

MANY = """
[req]
distinguished_name = dn
req_extensions = asked
[dn]
[asked]
subjectAltName = @names
[names]
"""

TEMPLATE = 'cn = "device.example.com"\ndns_name = "device.example.com"\ntls_www_server\n'


class Place:
    """A CA of one kind of key, with a server's certificate and two clients'."""

    def __init__(self, issue, folder, kind):
        self.issue_program = issue
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.issue("ca", kind, "ca.pem", "ca.key")
        self.request("server", f"/CN={HOST}", f"subjectAltName=DNS:{HOST},IP:127.0.0.1", "rsa:2048")
        self.sign("serverAuth", "server")
        for name in ("good", "bad"):
            self.request(name, f"/CN={name}@example.com", f"subjectAltName=email:{name}@example.com")
        self.sign("clientAuth", "good", "bad")
        self.issue("crl", "ca.pem", "ca.key", 1, "crl.pem", "bad.pem")

    def issue(self, *words, fails=False):
        command = [self.issue_program, *map(str, words)]
        result = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False
        )
        check((result.returncode != 0) == fails, f"{command}: {result.stderr}")
        return result.stderr

    def openssl(self, *words):
        return openssl(*words, cwd=self.folder)

    def request(self, name, subject, extension, key="ec"):
        curve = ["-pkeyopt", "ec_paramgen_curve:P-256"] if key == "ec" else []
        self.openssl(
            "req", "-new", "-newkey", key, *curve, "-noenc", "-keyout", f"{name}.key", "-subj",
            subject, "-addext", extension, "-outform", "DER", "-out", f"{name}.csr",
        )

    def sign(self, usage, *names, fails=False):
        pairs = [word for name in names for word in (f"{name}.csr", f"{name}.pem")]
        return self.issue("sign", "ca.pem", "ca.key", usage, *pairs, fails=fails)

    def verify(self, name, purpose):
        self.openssl("verify", "-x509_strict", "-purpose", purpose, "-CAfile", "ca.pem", name)

    def refuses(self, *words):
        try:
            words = self.openssl(*words)
        except RuntimeError as error:
            return str(error)
        raise AssertionError(f"openssl was content: {words}")


def judged_by_openssl(place):
    place.verify("server.pem", "sslserver")
    place.verify("good.pem", "sslclient")
    place.refuses("verify", "-purpose", "sslserver", "-CAfile", "ca.pem", "good.pem")
    place.refuses("verify", "-purpose", "sslclient", "-CAfile", "ca.pem", "server.pem")
    words = ["verify", "-x509_strict", "-crl_check", "-CAfile", "ca.pem", "-CRLfile", "crl.pem"]
    place.openssl(*words, "good.pem")
    said = place.refuses(*words, "bad.pem")
    check("revoked" in said, said)


def judged_by_gnutls(place):
    if not shutil.which("certtool"):
        raise Skip("certtool is not installed")
    base = ["certtool", "--verify", "--load-ca-certificate", "ca.pem", "--load-crl", "crl.pem"]
    for name, good in (("server", True), ("good", True), ("bad", False)):
        # With the CA's behind it, it would be taken for a chain that ends there.
        place.openssl("x509", "-in", f"{name}.pem", "-out", "leaf.pem")
        command = [*base, "--infile", "leaf.pem"]
        result = subprocess.run(
            command, cwd=place.folder, capture_output=True, text=True, check=False
        )
        check((result.returncode == 0) == good, f"{name}: {result.stdout}{result.stderr}")


def fetch(folder, port, name=None):
    """The HTTP status that curl gets."""
    own = ["--cert", f"{name}.pem", "--key", f"{name}.key"] if name else []
    command = [
        "curl", "--silent", "--show-error", "--noproxy", "*", "--output", os.devnull,
        "--write-out", "%{http_code}", "--cacert", "ca.pem", "--resolve",
        f"{HOST}:{port}:127.0.0.1", *own, f"https://{HOST}:{port}/",
    ]
    result = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    check(result.returncode == 0, f"{name}: {result.stderr}")
    return result.stdout


def used_by_nginx(place, servers):
    if not shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin"):
        raise Skip("nginx is not installed")
    (place.folder / "tls.conf").write_text(TLS.format(folder=place.folder))
    with servers.site(place.folder) as port:
        check(fetch(place.folder, port, "good") == "200", "the certificate was not taken")
        check(fetch(place.folder, port, "bad") == "400", "the revoked certificate was taken")
        check(fetch(place.folder, port) == "400", "no certificate was needed")


def asked_by_gnutls(place):
    """A request that another library makes."""
    if not shutil.which("certtool"):
        raise Skip("certtool is not installed")
    (place.folder / "template").write_text(TEMPLATE)
    subprocess.run(
        ["certtool", "--generate-request", "--load-privkey", "server.key", "--template",
         "template", "--outder", "--outfile", "gnutls.csr"],
        cwd=place.folder, capture_output=True, check=True,
    )
    place.sign("serverAuth", "gnutls")
    place.verify("gnutls.pem", "sslserver")


def hostile(place):
    """What is asked for and what is refused; tests/core has the others."""
    place.request("ca-wanted", "/CN=me", "basicConstraints=critical,CA:TRUE,pathlen:3")
    place.sign("clientAuth", "ca-wanted")
    said = place.openssl("x509", "-in", "ca-wanted.pem", "-noout", "-ext", "basicConstraints")
    check("CA:FALSE" in said, said)
    config = place.folder / "many.cnf"
    config.write_text(MANY + "".join(f"DNS.{i}=h{i}.example.com\n" for i in range(10000)))
    place.openssl("req", "-new", "-config", config, "-key", "good.key", "-subj", "/CN=me",
                  "-outform", "DER", "-out", "many.csr")
    said = place.sign("clientAuth", "many", fails=True)
    check("too much" in said, said)
    check(not (place.folder / "many.pem").exists(), "it was signed")
    data = bytearray((place.folder / "good.csr").read_bytes())
    data[-1] ^= 1
    (place.folder / "wrong.csr").write_bytes(data)
    said = place.sign("clientAuth", "wrong", fails=True)
    check("signature" in said, said)


def self_signed(place, servers):
    """A server's and a client's in one, trusted by itself."""
    if not shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin"):
        raise Skip("nginx is not installed")
    folder = place.folder / "self"
    folder.mkdir()
    place.issue("self", "ec-p256", "self/server.pem", "self/server.key", HOST)
    shutil.copy(folder / "server.pem", folder / "ca.pem")
    place.openssl("verify", "-x509_strict", "-CAfile", "self/ca.pem", "self/server.pem")
    (folder / "tls.conf").write_text(TLS.format(folder=folder).replace("ssl_crl", "#"))
    with servers.site(folder) as port:
        check(fetch(folder, port, "server") == "200", "the certificate was not taken")


def main(issue):
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="certwright-private-ca-") as folder:
        servers = Servers(pathlib.Path(folder) / "servers", None, None)
        for kind in ("ec-p384", "rsa-3072"):
            place = Place(issue, pathlib.Path(folder) / kind, kind)
            tap.run(f"{kind}: judged by openssl", judged_by_openssl, place)
            tap.run(f"{kind}: judged by GnuTLS", judged_by_gnutls, place)
            tap.run(f"{kind}: used by nginx and curl", used_by_nginx, place, servers)
        tap.run("a request of GnuTLS", asked_by_gnutls, place)
        tap.run("hostile requests", hostile, place)
        tap.run("self-signed", self_signed, place, servers)
        servers.stop()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
