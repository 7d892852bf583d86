#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the corpora that the fuzzers start from: make-corpus.py

Replies, keys and containers as openssl writes them, in tests/fuzz/corpus/.
Everything in them is made for this and not for real use; what is encrypted opens
with "fuzz". Files named "found-..." came from the fuzzers and are left alone.
"""

import base64
import io
import json
import pathlib
import subprocess
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
PASSPHRASE = "pass:fuzz"

CONFIG = """
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[limited]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
nameConstraints = critical, permitted;DNS:example.com, excluded;IP:10.0.0.0/255.0.0.0
authorityInfoAccess = caIssuers;URI:http://pki.example.com/root.cer
crlDistributionPoints = URI:http://pki.example.com/root.crl
certificatePolicies = 1.2.3.4
[client]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth, 1.3.6.1.4.1.311.20.2.2
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid, issuer
authorityInfoAccess = OCSP;URI:http://ocsp.example.com, caIssuers;URI:http://pki.example.com/ca
subjectAltName = @names
[asked]
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth, 1.2.3.4
subjectAltName = @names
[wishes]
basicConstraints = critical, CA:TRUE, pathlen:3
keyUsage = critical, digitalSignature, keyEncipherment, keyCertSign
extendedKeyUsage = serverAuth, OCSPSigning, anyExtendedKeyUsage
subjectKeyIdentifier = hash
nameConstraints = permitted;DNS:example.com
certificatePolicies = 1.2.3.4
crlDistributionPoints = URI:http://pki.example.com/root.crl
tlsfeature = status_request
1.2.3.4.5 = critical, ASN1:UTF8:text
subjectAltName = DNS:device.example.com, DNS:a_b.example.com, RID:1.2.3, dirName:directory
[directory]
CN = device
[none]
[names]
email.1 = device@example.com
DNS.1 = device.example.com
DNS.2 = *.xn--mnchen-3ya.example.com
IP.1 = 192.0.2.7
IP.2 = 2001:db8::7
URI.1 = https://device.example.com/a?b#c
otherName.1 = 1.3.6.1.4.1.311.20.2.3;UTF8:device@example.com
otherName.2 = 1.2.3.4;IA5:text
RID.1 = 1.2.3.4
dirName.1 = other
[other]
C = DE
O = Example
[default]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 3650
"""

PROFILE = """\
[Profile]
Name=Test device
Name[de]=Testgerät
ShortName=Device
Comment=For tests
IconName=network-server-symbolic
Order=5

[Request]
KeyKinds=ec-p256;rsa-2048;ed25519
Usages=clientAuth;1.2.3.4;

[Setting verify]
Source=verify
On=peer
Off=none

[Setting key]
Source=private-key

[Setting chain]
Source=certificate-chain

[Setting cas]
Source=server-cas

[Output all]
Name=Everything
Type=yaml
File=all.yaml
Settings=verify;key;chain;cas
Where1=Here
Where2=There; and then on
"""

# It is its own template.
TEMPLATE = PROFILE + """
[Test]
Schemes=mqtts;
Topic={{file:key}}
Payload={{host}}:{{port}} {{path}} {{address}}

[Output key]
Name=Key
Type=pem
File=key.pem
Sources=private-key

[Output command]
Name=Command
Type=template
Template=profile.ini
Language=shell
File=command.sh

[Set]
Outputs=key;command
"""

DRAFT = """\
[Request]
version=1
key-kind=ec-p256
usages=1.3.6.1.5.5.7.3.2;1.2.3.4;

[Attribute 1]
type=CN
value=device.example.com

[Attribute 2]
type=C
value=DE

[Attribute 3]
type=1.2.3.4
value=Größe

[Alternative Name 1]
kind=email
value=device@example.com

[Alternative Name 2]
kind=dns
value=münchen.example.com

[Alternative Name 3]
kind=other
value=1.2.3.4;text
"""

TYPED = {
    "email": "steve@münchen.example.com",
    "host": "*.device.example.com",
    "ipv4": "192.0.2.7",
    "ipv6": "2001:db8::192.0.2.7",
    "uri": "https://user@münchen.example.com:8443/a%20b?c=d#e",
    "urn": "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "upn": "device@EXAMPLE.COM",
    "other-name": "1.3.6.1.4.1.311.20.2.3;text",
    "oid": "2.999.1.18446744073709551616",
    "country": "de",
    "words": "Größe, \\Text; #1 = \"a+b\" <c>",
}


class Maker:
    """openssl in a folder of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "openssl.cnf").write_text(CONFIG)

    def openssl(self, *words):
        command = ["openssl", *words]
        result = subprocess.run(command, cwd=self.folder, capture_output=True, check=True)
        return result.stdout

    def read(self, name):
        return (self.folder / name).read_bytes()

    def key(self, name, *options):
        self.openssl("genpkey", "-out", f"{name}.key", *options)

    def request(self, name, subject, section, *options):
        self.openssl(
            "req", "-new", "-config", "openssl.cnf", "-utf8", "-key", f"{name}.key",
            "-out", f"{name}.csr", "-subj", subject, "-reqexts", section, *options,
        )

    def sign(self, name, section, issuer=None):
        signer = ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial"]
        self.openssl(
            "x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", "-days", "3650",
            "-extfile", "openssl.cnf", "-extensions", section,
            *(signer if issuer else ["-signkey", f"{name}.key"]),
        )

    def make_certificates(self):
        self.key("root", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
        self.request("root", "/CN=Test CA/O=Example", "none")
        self.sign("root", "ca")
        self.key("middle", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384")
        self.request("middle", "/CN=Test CA 2/O=Example/C=DE", "none")
        self.sign("middle", "limited", "root")
        self.key("leaf", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
        self.request("leaf", "/CN=device.example.com/O=Größe/DC=example+UID=7", "asked")
        self.sign("leaf", "client", "middle")
        self.key("rsa", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024")
        self.request("rsa", "/CN=device.example.com", "asked")
        self.sign("rsa", "client", "middle")
        self.key("ed25519", "-algorithm", "ED25519")
        self.request("ed25519", "/CN=device.example.com", "asked")
        self.sign("ed25519", "client", "root")

    def make_crl(self):
        (self.folder / "index.txt").write_text(
            "R\t360101000000Z\t260101000000Z,keyCompromise\t7F\tunknown\t/CN=old\n"
        )
        (self.folder / "crlnumber").write_text("01\n")
        self.openssl(
            "ca", "-config", "openssl.cnf", "-name", "default", "-gencrl", "-cert", "root.pem",
            "-keyfile", "root.key", "-out", "root.crl",
        )

    def pkcs12(self, name, *options):
        self.openssl(
            "pkcs12", "-export", "-inkey", "leaf.key", "-in", "leaf.pem", "-name", "Gerät",
            "-certfile", "chain.pem", "-out", name, *options,
        )
        return self.read(name)

    def encrypted(self, *options):
        return self.openssl(
            "pkcs8", "-topk8", "-in", "leaf.key", "-passout", PASSPHRASE, *options
        )


def pkcs12_files(maker):
    strong = ["-iter", "10", "-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC"]
    old = ["-iter", "10", "-legacy", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-RC2-40"]
    with_passphrase = ["-passout", PASSPHRASE]
    return {
        "modern.p12": maker.pkcs12("modern.p12", *strong, *with_passphrase),
        "legacy.p12": maker.pkcs12("legacy.p12", *old, *with_passphrase),
        # -iter, which comes before, would make one again.
        "no-mac.p12": maker.pkcs12("no-mac.p12", *strong, "-nomac", *with_passphrase),
        "empty.p12": maker.pkcs12("empty.p12", *strong, "-passout", "pass:"),
        "open.p12": maker.pkcs12(
            "open.p12", "-keypbe", "NONE", "-certpbe", "NONE", "-nomac", "-passout", "pass:"
        ),
        "certificates.p12": maker.openssl(
            "pkcs12", "-export", "-nokeys", "-in", "chain.pem", "-iter", "10",
            "-passout", PASSPHRASE,
        ),
        "chain.p7b": maker.openssl(
            "crl2pkcs7", "-in", "root.crl", "-certfile", "chain.pem", "-certfile", "leaf.pem",
            "-outform", "DER",
        ),
        "no-crl.p7b": maker.openssl(
            "crl2pkcs7", "-nocrl", "-certfile", "leaf.pem", "-outform", "DER"
        ),
    }


def quote(text, before):
    return "".join(f"{before}{line}\n" for line in text.splitlines())


def embedded_files(maker):
    """PEM inside something else."""
    leaf = maker.read("leaf.pem").decode()
    chain = maker.read("chain.pem").decode()
    one_line = " ".join(leaf.split("\n"))
    return {
        "yaml.txt": "a: 1\nchain: |\n" + quote(chain, "  ") + "b: '" + one_line + "'\n",
        "json.txt": json.dumps({"certificate": leaf, "chain": [chain]}),
        "env.txt": 'CERT="' + leaf.replace("\n", "\\n") + '"\n',
        "mail.txt": "Hello\n\n" + quote(leaf, "> ") + "\n" + quote(chain, "> > "),
        "markdown.txt": "Text\n\n```pem\n" + leaf + "```\n",
        "csv.txt": "1;device;" + one_line + ";yes\n",
        "crlf.txt": "\ufeff" + leaf.replace("\n", "\r\n"),
        "cr.txt": leaf.replace("\n", "\r"),
        "cut.txt": leaf[:300] + "\n" + chain,
        "wrong.txt": leaf.replace("M", "*", 3) + leaf.replace("END CERT", "END X"),
    }


def reply_files(maker, containers):
    leaf = maker.read("leaf.pem")
    chain = maker.read("chain.pem")
    key = maker.read("leaf.key")
    crl = maker.read("root.crl")
    der = maker.openssl("x509", "-in", "leaf.pem", "-outform", "DER")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("reply/leaf.cer", der)
        archive.writestr("reply/chain.pem", chain)
    files = {
        "leaf.pem": leaf,
        "all.pem": b"Text\n" + chain + key + leaf + maker.read("leaf.csr") + crl,
        "rsa.pem": maker.read("rsa.pem") + chain,
        "ed25519.pem": maker.read("ed25519.pem") + maker.read("root.pem"),
        "leaf.der": der,
        "request.der": maker.openssl("req", "-in", "leaf.csr", "-outform", "DER"),
        "crl.der": maker.openssl("crl", "-in", "root.crl", "-outform", "DER"),
        "key.der": maker.openssl("pkey", "-in", "leaf.key", "-outform", "DER"),
        "rsa.key": maker.openssl("rsa", "-in", "rsa.key", "-traditional"),
        "ec.key": maker.openssl("ec", "-in", "leaf.key", "-param_out") +
        maker.openssl("ec", "-in", "leaf.key"),
        "old-encrypted.key": maker.openssl(
            "ec", "-in", "leaf.key", "-aes128", "-passout", PASSPHRASE
        ),
        "pbkdf2.key": maker.encrypted("-v2", "aes256", "-iter", "10") + leaf,
        "scrypt.key": maker.encrypted("-scrypt", "-scrypt_N", "2", "-scrypt_r", "1"),
        "public.pem": maker.openssl("pkey", "-in", "leaf.key", "-pubout"),
        "trusted.pem": maker.openssl(
            "x509", "-in", "leaf.pem", "-trustout", "-addtrust", "clientAuth"
        ),
        "text.pem": maker.openssl("x509", "-in", "leaf.pem", "-text"),
        "bags.pem": maker.openssl(
            "pkcs12", "-in", "modern.p12", "-passin", PASSPHRASE, "-nodes"
        ),
        "base64.txt": base64.b64encode(der),
        "p7.pem": maker.openssl("crl2pkcs7", "-nocrl", "-certfile", "chain.pem"),
        "utf16.pem": leaf.decode().encode("utf-16"),
        "twice.pem": leaf + leaf + chain + chain,
        "reply.zip": packed.getvalue(),
        "chain.p7b": containers["chain.p7b"],
        "modern.p12": containers["modern.p12"],
        "legacy.p12": containers["legacy.p12"],
        "modern.p12.txt": base64.encodebytes(containers["modern.p12"]),
    }
    files.update({name: text.encode() for name, text in embedded_files(maker).items()})
    return files


def yaml_files(maker):
    key = maker.read("leaf.key").decode()
    leaf = maker.read("leaf.pem").decode()
    whole = (
        "# device.example.com, until 2027-11-20\nhttps_verify: peer\nhttps_private_key: |\n"
        + quote(key, "  ") + "https_client_cert: |\n" + quote(leaf, "  ")
    )
    return {
        "output.yaml": whole,
        "quoted.yaml": "a: 'yes'\nb: \"x\\n\\u00e9\"\nc: '2026-01-01'\n",
        "folded.yaml": "key: >-\n" + quote(key, "    ") + "b: |+2\n   text\n\n",
        "anchors.yaml": "%YAML 1.1\n---\na: &x !!str b\nc: *x\n...\n",
        "flow.yaml": "{a: b, 'c': [d, e], ? f : g}\n",
        "twice.yaml": "a: b\na: c\n",
        "cut.yaml": whole[:200],
    }


def parse_lines(maker, name):
    return maker.openssl("asn1parse", "-in", name).decode().splitlines()


def cut_out(maker, name, *options):
    """Bytes of a file, by asn1parse's options."""
    maker.openssl("asn1parse", "-in", name, "-noout", "-out", "part.der", *options)
    return maker.read("part.der")


def get_subject(maker, name):
    """Of a request: its third element, after the version."""
    line = parse_lines(maker, name)[3].replace("=", " ").split()
    head, length = (int(line[line.index(word) + 1]) for word in ("hl", "l"))
    offset = parse_lines(maker, name)[3].split(":")[0].strip()
    return cut_out(maker, name, "-offset", offset, "-length", str(head + length))


def get_extension(maker, name, title):
    lines = parse_lines(maker, name)
    value = next(lines[i + 1] for i, line in enumerate(lines) if title in line)
    return cut_out(maker, name, "-strparse", value.split(":")[0].strip())


def names_files(maker):
    files = {name: text.encode() for name, text in TYPED.items()}
    files["draft"] = DRAFT.encode()
    for name in ("leaf", "root", "middle", "rsa", "ed25519"):
        files[f"{name}.csr"] = maker.openssl("req", "-in", f"{name}.csr", "-outform", "DER")
    files["subject.der"] = get_subject(maker, "leaf.csr")
    files["alt-names.der"] = get_extension(maker, "leaf.csr", "Subject Alternative Name")
    return files


def grant_files(maker):
    """Requests that a private CA is asked to sign."""
    maker.request("leaf", "/CN=device.example.com", "wishes")
    wishes = maker.openssl("req", "-in", "leaf.csr", "-outform", "DER")
    maker.request("leaf", "/", "asked")
    nameless = maker.openssl("req", "-in", "leaf.csr", "-outform", "DER")
    maker.request("leaf", "/CN=device.example.com/O=Größe/DC=example+UID=7", "asked")
    asked = maker.openssl("req", "-in", "leaf.csr", "-outform", "DER")
    plain = maker.openssl("req", "-in", "root.csr", "-outform", "DER")
    return {"wishes.csr": wishes, "nameless.csr": nameless, "asked.csr": asked, "plain.csr": plain}


def write(name, files):
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if not old.name.startswith("found-"):
            old.unlink()
    for title, content in files.items():
        (folder / title).write_bytes(content if isinstance(content, bytes) else content.encode())


def main():
    with tempfile.TemporaryDirectory() as folder:
        maker = Maker(folder)
        maker.make_certificates()
        maker.make_crl()
        chain = maker.read("root.pem") + maker.read("middle.pem")
        (maker.folder / "chain.pem").write_bytes(chain)
        containers = pkcs12_files(maker)
        write("pkcs12", containers)
        write("reply", reply_files(maker, containers))
        write("yaml", yaml_files(maker))
        mistake = PROFILE.replace("yaml", "yml")
        write(
            "profile", {"profile.ini": PROFILE, "template.ini": TEMPLATE, "mistake.ini": mistake}
        )
        write("names", names_files(maker))
        write("grant", grant_files(maker))


if __name__ == "__main__":
    main()
