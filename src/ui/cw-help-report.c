/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The findings of the report, by what they are about. Their own sentences have names and
 * dates in them; here is what is behind them, and what can be done.
 */

#include "config.h"

#include "cw-help-private.h"

static const CwHelpPart reply[] = {
  { CW_HELP_TEXT,
    N_ ("A certificate can be used only with the private key that its request was made with. Which "
        "key it belongs to is seen in the certificate itself, whatever its file is called.") },
  { CW_HELP_ITEM,
    N_ ("If there is no certificate for your key, the CA sent something else: often only its own "
        "certificates, or what it made from another request. Ask it for the certificate that it "
        "made from this request. If a file is still encrypted, it may be in there.") },
  { CW_HELP_ITEM, N_ ("If it answers another request of yours, use it for that one. The request "
                      "that is open still waits for its own certificate.") },
  { CW_HELP_ITEM,
    N_ ("If its private key is not here, the key is on the computer, or in the keyring, where the "
        "request was made. Bring it from there, or start a new request.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart names[] = {
  { CW_HELP_TEXT, N_ ("A CA may change what a request asks for: it has rules of its own, and some "
                      "leave out what was not typed into their form too. The report compares what "
                      "was asked for with what came.") },
  { CW_HELP_ITEM, N_ ("Another common name: servers that know their callers by it take you for "
                      "somebody else. Ask the owner of the service whether the new one will do.") },
  { CW_HELP_ITEM,
    N_ ("Another organisation or unit, or another order: most servers do not mind.") },
  { CW_HELP_ITEM, N_ ("An alternative name is missing: servers that look for it refuse the "
                      "connection. Ask the CA to issue the certificate again.") },
  { CW_HELP_ITEM, N_ ("A name was added: that does no harm as long as the name is yours.") },
  { CW_HELP_ITEM, N_ ("The certificate of a server needs its host name or IP address among the "
                      "alternative names: clients look nowhere else.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart usages[] = {
  { CW_HELP_TEXT,
    N_ ("A certificate says what it may be used for. To prove who is calling it needs client "
        "authentication (clientAuth), and a key that may make signatures (digitalSignature); for a "
        "server it is server authentication (serverAuth).") },
  { CW_HELP_ITEM, N_ ("If usages are named and one of these is not among them, the other side "
                      "refuses the connection. The CA "
                      "probably took the wrong template; ask it to issue the certificate again.") },
  { CW_HELP_ITEM, N_ ("“Any usage” is not enough: OpenSSL, and so nginx and many others, wants the "
                      "usage by its name.") },
  { CW_HELP_ITEM, N_ ("Another usage that you asked for is missing: ask for it again only if you "
                      "need it. One that was added does no harm.") },
  { CW_HELP_ITEM, N_ ("A certificate that is marked as a CA could sign others. Strict servers "
                      "refuse it as a client’s.") },
  { CW_HELP_ITEM, N_ ("One of version 1 can say none of this, and many servers refuse it. It often "
                      "comes from “openssl x509 -req” without an extension file.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart keys[] = {
  { CW_HELP_TEXT, N_ ("Servers refuse keys and signatures that could be broken: RSA keys below "
                      "2048 bits, and signatures with SHA-1 or MD5.") },
  { CW_HELP_ITEM, N_ ("Your own key is too weak, or cannot sign: start a new request with the "
                      "recommended kind.") },
  { CW_HELP_ITEM, N_ ("The key of a CA is too weak: only the CA can mend that. Ask whether it has "
                      "a newer one.") },
  { CW_HELP_ITEM, N_ ("The signature is too weak: ask the CA to sign with SHA-256.") },
  { CW_HELP_ITEM,
    N_ ("The consumer is not known to take this kind of key: try it with the connection test. If "
        "it fails, start a new request with the recommended kind.") },
  { CW_HELP_ITEM, N_ ("An RSA key of an odd length, or a curve that is spelt out instead of named, "
                      "works in some programs and fails in others.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart dates[] = {
  { CW_HELP_TEXT, N_ ("A certificate is valid from one day until another, and so is each CA above "
                      "it. Outside of these days servers refuse it.") },
  { CW_HELP_ITEM, N_ ("Expired, or valid for a few days only: ask for its successor. CAs can take "
                      "weeks, so begin a month before.") },
  { CW_HELP_ITEM, N_ ("Not valid yet: look at date, time and time zone of this computer. If they "
                      "are right, wait until that day.") },
  { CW_HELP_ITEM, N_ ("A CA above it has expired: ask the CA whether there is a newer certificate "
                      "of the same CA, and add it to the files.") },
  { CW_HELP_ITEM, N_ ("A CA above it ends first: the certificate is refused from that day on, "
                      "although its own last day is later. Renew it before.") },
  { CW_HELP_ITEM,
    N_ ("Dates that are the wrong way round, or in the wrong form: only the CA can mend that.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart chain[] = {
  { CW_HELP_TEXT,
    N_ ("The CA that signed your certificate is often an intermediate one, which has itself been "
        "signed by a root. Most servers know only the root, so the intermediate certificates have "
        "to be sent along with yours. All of them together are the chain.") },
  { CW_HELP_ITEM, N_ ("A certificate of a CA did not come along: ask the CA for its chain (“CA "
                      "bundle”), or let “Fetch It…” get it, and add it to the files.") },
  { CW_HELP_ITEM, N_ ("Only the root came, or a CA of the same name with another key: ask for the "
                      "CA that really signed it.") },
  { CW_HELP_ITEM, N_ ("The signature is broken: something was changed or damaged on its way. Ask "
                      "the CA to send it again, best as a file.") },
  { CW_HELP_ITEM, N_ ("Whether the CA signed it cannot be told: the kind of signature is not known "
                      "here, and maybe not to the server either.") },
  { CW_HELP_ITEM,
    N_ ("Signed by itself: it has no chain. The server has to be given this very certificate.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart authorities[] = {
  { CW_HELP_TEXT, N_ ("The certificate of a CA says that it is one, and may say for which names, "
                      "for which purposes and how many CAs deep it may sign. Where a chain breaks "
                      "these rules, servers refuse the certificate below it.") },
  { CW_HELP_ITEM,
    N_ ("What stands as a CA may not be one, or may not sign such certificates: an old or a wrong "
        "file may have taken its place. Make sure that all files of the reply are here.") },
  { CW_HELP_ITEM, N_ ("The CA may not issue for this name (name constraints): ask for a name that "
                      "it may issue for, or for a certificate from another CA.") },
  { CW_HELP_ITEM, N_ ("There are more CAs in the chain than one of them permits (path length): "
                      "only the CA can mend that.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart form[] = {
  { CW_HELP_TEXT, N_ ("How a certificate has to be written is laid down in RFC 5280. OpenSSL lets "
                      "many faults pass, but strict programs refuse the connection, those in "
                      "Python 3.13 and newer among them.") },
  { CW_HELP_TEXT, N_ ("That is why most of these are warnings: it may work today, and fail when "
                      "the server is updated. Only the CA can mend them. If the server refuses the "
                      "certificate, send the CA the text that stands beside the finding.") },
  { CW_HELP_ITEM, N_ ("Identifiers that say which key signed which certificate are missing, or "
                      "marked in the wrong way.") },
  { CW_HELP_ITEM,
    N_ ("The certificate of a CA does not say plainly that it is one and what its key is for.") },
  { CW_HELP_ITEM, N_ ("A name is empty or malformed, or a serial number is not permitted.") },
  { CW_HELP_ITEM, N_ ("Version, signature and extensions contradict each other, or there is an "
                      "extension that must be understood and is not.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart revocation[] = {
  { CW_HELP_TEXT,
    N_ ("A CA can declare a certificate invalid before its last day, for instance since its key "
        "fell into wrong hands. It publishes a list of these, the revocation list (CRL). If such a "
        "list came along with the reply, it is looked at.") },
  { CW_HELP_ITEM, N_ ("The certificate is on the list: servers that look at it refuse the "
                      "connection. Ask the CA why, and start a new request with a new key.") },
  { CW_HELP_ITEM, N_ ("A CA above it is on a list: ask for a certificate from one that is not.") },
  { CW_HELP_ITEM, N_ ("The list is out of date: a server that was set up with it refuses every "
                      "certificate of that CA. Give it a newer one.") },
  { CW_HELP_ITEM, N_ ("The list has no number, or is not signed by the CA that is here: strict "
                      "servers do not take it, and nothing is certain by it.") },
  { CW_HELP_END, NULL },
};

const CwHelpPage cw_help_report[] = {
  { "report-reply", N_ ("Certificate and Key"), reply, LIST ("reply", "request"),
    LIST ("no-certificate", "other-request", "key-missing"), NULL },
  { "report-names", N_ ("Names"), names, LIST ("subject"),
    LIST ("subject-same",
          "subject-changed",
          "alt-names-same",
          "alt-name-missing",
          "alt-name-added",
          "host-name-missing"),
    NULL },
  { "report-usages", N_ ("Usages"), usages, LIST ("subject"),
    LIST ("usages-same",
          "usage-missing",
          "usage-added",
          "client-auth-missing",
          "server-auth-missing",
          "any-usage-only",
          "key-usage-no-signature",
          "is-ca",
          "version-1"),
    NULL },
  { "report-keys", N_ ("Keys and Signatures"), keys, LIST ("key"),
    LIST ("key-unusable",
          "key-weak",
          "key-unusual",
          "key-kind-unusual",
          "signature-weak",
          "curve-spelt-out"),
    NULL },
  { "report-dates", N_ ("Dates"), dates, LIST ("overview"),
    LIST ("validity-good",
          "expires-soon",
          "expired",
          "not-yet-valid",
          "clock-wrong",
          "chain-expired",
          "outlives-issuer",
          "validity-reversed",
          "validity-malformed"),
    NULL },
  { "report-chain", N_ ("The Chain"), chain, LIST ("reply", "report-authorities"),
    LIST ("chain-complete",
          "chain-incomplete",
          "chain-wrong",
          "root-for-intermediate",
          "signature-unknown",
          "signature-broken",
          "self-signed",
          "chain-invalid"),
    NULL },
  { "report-authorities", N_ ("What a CA May Sign"), authorities, LIST ("report-chain"),
    LIST ("not-a-ca",
          "ca-usage-limited",
          "path-length-exceeded",
          "name-constraints-violated",
          "name-constraints-unclear",
          "name-constraints-in-leaf",
          "alt-name-malformed"),
    NULL },
  { "report-form", N_ ("Strict Rules"), form, LIST ("report-authorities"),
    LIST ("strict-refused",
          "critical-extension-unknown",
          "authority-key-id-missing",
          "subject-key-id-missing",
          "key-id-critical",
          "ca-mark-not-critical",
          "ca-key-usage-missing",
          "ca-rights-misplaced",
          "name-empty",
          "signature-inconsistent",
          "version-inconsistent",
          "serial-invalid"),
    NULL },
  { "report-revocation", N_ ("Revocation"), revocation, LIST ("issued"),
    LIST ("revoked",
          "not-revoked",
          "revocation-unknown",
          "crl-out-of-date",
          "crl-without-number",
          "crl-unverified"),
    NULL },
  { NULL, NULL, NULL, NULL, NULL, NULL },
};
