/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verdicts of the connection test, by who has to do something.
 */

#include "config.h"

#include "cw-help-private.h"

static const CwHelpPart reach[] = {
  { CW_HELP_TEXT, N_ ("Before any certificate is shown, the host has to be found, reached, and "
                      "asked for TLS. If that fails, your certificate is not to blame.") },
  { CW_HELP_ITEM,
    N_ ("There is no such host, or it cannot be reached: look for a mistake in typing. Names of an "
        "internal network are known only within it, or through its VPN.") },
  { CW_HELP_ITEM, N_ ("The connection is refused, or nothing answers: look at the port, at the "
                      "firewall, and whether the service runs.") },
  { CW_HELP_ITEM,
    N_ ("A proxy is in the way: look at it in the network settings of the desktop.") },
  { CW_HELP_ITEM, N_ ("What is there is not TLS, or only an old version of it: it is the wrong "
                      "port, or the server has to permit TLS 1.2 or 1.3.") },
  { CW_HELP_ITEM, N_ ("The handshake hangs or breaks off: the log of the server says why.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart server[] = {
  { CW_HELP_TEXT,
    N_ ("You check the server before it checks you: its certificate has to come from a CA that you "
        "chose, and be for the name in the address. Otherwise it could be anyone’s server.") },
  { CW_HELP_ITEM,
    N_ ("The chosen CAs do not verify it: if another choice would, the result says which. Else ask "
        "the owner of the server for the certificate of its CA, and choose it as a file.") },
  { CW_HELP_ITEM, N_ ("It does not send its intermediate certificate: its owner has to install the "
                      "full chain. Until then, the missing one can be added to the chosen CAs.") },
  { CW_HELP_ITEM, N_ ("It is signed by itself: compare the fingerprint with the one that the owner "
                      "knows, and then choose it as the CA.") },
  { CW_HELP_ITEM, N_ ("It is for another name: use one of the names that it is for.") },
  { CW_HELP_ITEM, N_ ("It has expired, or is not valid yet: look at the clock of this computer, "
                      "then tell the owner.") },
  { CW_HELP_TEXT,
    N_ ("Switching the check off makes the message go away, and the safety with it.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart certificate[] = {
  { CW_HELP_TEXT,
    N_ ("The server was verified, asked for your certificate, and did not take it, or never asked "
        "for one. What it says about the reason is often short; its log says more.") },
  { CW_HELP_ITEM, N_ ("It does not know the CA: its owner has to trust the CA at the top of your "
                      "chain. If the certificate is signed by itself, the server needs this very "
                      "certificate. Send it, never the key.") },
  { CW_HELP_ITEM, N_ ("It finds the certificate bad, unsupported, expired or revoked: look at the "
                      "report on the certificate.") },
  { CW_HELP_ITEM, N_ ("It does not take this kind of key: make a new request with another kind.") },
  { CW_HELP_ITEM, N_ ("It hangs up without a word: most likely it does not accept the certificate. "
                      "Send its owner what “Copy Report” gives you.") },
  { CW_HELP_ITEM,
    N_ ("It never asks, or works without the certificate as well: nothing is proved then. Look at "
        "host and port, or test an address that needs the certificate.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart service[] = {
  { CW_HELP_TEXT, N_ ("TLS works, and the server got the certificate. What is left is between you "
                      "and the service behind it.") },
  { CW_HELP_ITEM, N_ ("No access: the service has to be told who you are, or wants something else "
                      "beside the certificate, such as a token. Its owner needs the name and the "
                      "fingerprint of the certificate.") },
  { CW_HELP_ITEM, N_ ("Nothing is at this path, or the request is not understood: look at the "
                      "path. The certificate itself works.") },
  { CW_HELP_ITEM, N_ ("No WebSocket, or an answer that makes no sense: something else is spoken "
                      "there, or a proxy in between does not pass it on.") },
  { CW_HELP_ITEM,
    N_ ("An MQTT broker refuses user name, client id or topic: its owner has to register the "
        "certificate or grant the right. In ThingsBoard the credentials of the device have to be "
        "of the type X.509, with exactly this certificate.") },
  { CW_HELP_ITEM, N_ ("The service has a fault of its own: try again later, and tell its owner.") },
  { CW_HELP_END, NULL },
};

const CwHelpPage cw_help_test[] = {
  { "test-reach", N_ ("Reaching the Server"), reach, LIST ("test"), NULL,
    LIST ("name-unknown",
          "name-failed",
          "refused",
          "unreachable",
          "connect-timeout",
          "proxy-failed",
          "proxy-auth",
          "proxy-denied",
          "tls-timeout",
          "tls-closed",
          "not-tls-http",
          "not-tls",
          "tls-version",
          "tls-handshake",
          "tls-name",
          "tls-failed",
          "library-missing") },
  { "test-server", N_ ("The Server’s Certificate"), server, LIST ("test"), NULL,
    LIST ("server-unverified",
          "cas-unreadable",
          "server-other-choice",
          "server-chain-incomplete",
          "server-self-signed",
          "server-ca-unknown",
          "server-name",
          "server-expired",
          "server-ca-expired",
          "server-not-yet-valid",
          "server-invalid") },
  { "test-certificate", N_ ("Your Certificate"), certificate, LIST ("test", "report-usages"), NULL,
    LIST ("works-without",
          "certificate-not-asked",
          "no-certificate",
          "key-mismatch",
          "key-unusable",
          "certificate-required",
          "certificate-not-sent",
          "certificate-ca-unknown",
          "certificate-bad",
          "certificate-unsupported",
          "certificate-revoked",
          "certificate-expired",
          "certificate-unknown",
          "certificate-denied",
          "certificate-signature",
          "certificate-closed",
          "certificate-refused",
          "http-certificate-missing",
          "http-certificate-refused") },
  { "test-service", N_ ("The Service Behind It"), service, LIST ("test"), NULL,
    LIST ("works",
          "works-status",
          "http-denied",
          "http-bad-request",
          "http-failed",
          "answer-timeout",
          "answer-closed",
          "answer-garbage",
          "answer-endless",
          "websocket-refused",
          "websocket-invalid",
          "mqtt-version",
          "mqtt-client-id",
          "mqtt-unavailable",
          "mqtt-credentials",
          "mqtt-denied",
          "mqtt-refused",
          "publish-failed") },
  { NULL, NULL, NULL, NULL, NULL, NULL },
};
