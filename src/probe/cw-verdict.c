/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-text.h"
#include "cw-verdict.h"

/* In the title, %s stands for the server's name. */
static const struct
{
  const char *id;
  CwSeverity severity;
  const char *title;
  const char *meaning;
  const char *remedy;
} verdicts[] = {
  { "works", CW_SEVERITY_GOOD, N_ ("The certificate works with %s."),
    N_ ("The server is verified, asked for the certificate, took it and answered."), NULL },
  { "works-status", CW_SEVERITY_NOTE, N_ ("The certificate works with %s, but the path does not."),
    N_ ("The server is verified and took the certificate. Only what was asked for is not there, or "
        "is not asked for in this way."),
    N_ ("Look at the path in the address, if it should be there.") },
  { "works-without", CW_SEVERITY_NOTE,
    N_ ("It works with %s, and without the certificate as well."),
    N_ ("The server asks for a certificate, but does not insist. Whether it accepts this one "
        "cannot be told from outside."),
    N_ ("Ask the server’s owner whether that is meant to be so, or test an address that needs the "
        "certificate.") },
  { "certificate-not-asked", CW_SEVERITY_WARNING,
    N_ ("It works with %s, but it never asked for the certificate."),
    N_ ("The server answers everybody. The certificate was not sent, so nothing is proved of it."),
    N_ ("Look at host and port, or ask the server’s owner to have it ask for client "
        "certificates.") },
  { "server-unverified", CW_SEVERITY_WARNING,
    N_ ("It works with %s, but the server is not verified."),
    N_ ("Whoever gets in between can pretend to be the server, and read and change everything."),
    N_ ("Switch the verification of the server on, and choose the CAs that its certificate may "
        "come from.") },
  { "no-certificate", CW_SEVERITY_WARNING,
    N_ ("%s can be reached, but there is no certificate to test."), NULL,
    N_ ("Test again when the CA’s reply is here.") },
  { "key-mismatch", CW_SEVERITY_PROBLEM, N_ ("The private key is not the one of the certificate."),
    N_ ("No server would accept the two together."),
    N_ ("Import the certificate again, or use the key that it was asked for with.") },
  { "key-unusable", CW_SEVERITY_PROBLEM, N_ ("The key or the certificate cannot be used for TLS."),
    N_ ("OpenSSL refuses it, as it would for the consumer: most often since it is too weak."),
    N_ ("Make a new request with a recommended kind of key.") },
  { "cas-unreadable", CW_SEVERITY_PROBLEM,
    N_ ("The CAs for the server’s certificate cannot be read."), NULL, N_ ("Choose them again.") },
  { "name-unknown", CW_SEVERITY_PROBLEM, N_ ("There is no host named %s."),
    N_ ("Its name has no address."),
    N_ ("Look for a mistake in typing. A name of an internal network is only known within it, or "
        "through its VPN.") },
  { "name-failed", CW_SEVERITY_PROBLEM,
    N_ ("Whether there is a host named %s cannot be found out."),
    N_ ("The name server does not answer, or has a fault."),
    N_ ("Look at the network connection and its name servers.") },
  { "refused", CW_SEVERITY_PROBLEM, N_ ("%s refuses the connection."),
    N_ ("The host is there, but nothing listens on this port, or a firewall says no."),
    N_ ("Look at the port, and whether the service runs.") },
  { "unreachable", CW_SEVERITY_PROBLEM, N_ ("%s cannot be reached."),
    N_ ("There is no way to its address from here."),
    N_ ("Look at the network connection, the VPN and the firewall.") },
  { "connect-timeout", CW_SEVERITY_PROBLEM, N_ ("%s does not answer."),
    N_ ("Its address is known, but nothing came back in time. Most often a firewall drops it, or "
        "the host is switched off."),
    N_ ("Look at the address and port, the VPN and the firewall.") },
  { "proxy-failed", CW_SEVERITY_PROBLEM, N_ ("The proxy does not connect to %s."),
    N_ ("The network’s settings send the connection through a proxy. Either that cannot be "
        "reached, or the host behind it cannot."),
    N_ ("Look at the proxy in the network settings, or except this host from it.") },
  { "proxy-auth", CW_SEVERITY_PROBLEM,
    N_ ("The proxy on the way to %s wants a user name and password."), NULL,
    N_ ("Enter them in the network settings, or except this host from the proxy.") },
  { "proxy-denied", CW_SEVERITY_PROBLEM, N_ ("The proxy does not permit connections to %s."), NULL,
    N_ ("Ask who runs the proxy, or except this host from it in the network settings.") },
  { "tls-timeout", CW_SEVERITY_PROBLEM, N_ ("%s accepts the connection, but then says nothing."),
    N_ ("The TLS handshake did not come to an end in time. The service hangs, or waits for "
        "something else than TLS."),
    N_ ("Look at the port, and at the server’s log.") },
  { "tls-closed", CW_SEVERITY_PROBLEM, N_ ("%s hangs up in the middle of the TLS handshake."),
    N_ ("It did not say why. Something between may do it too: a firewall, a load balancer."),
    N_ ("Look at the port, and at the server’s log.") },
  { "not-tls-http", CW_SEVERITY_PROBLEM, N_ ("%s speaks plain HTTP on this port, without TLS."),
    N_ ("No certificate is used there."), N_ ("Use the port for HTTPS, often 443 or 8443.") },
  { "not-tls", CW_SEVERITY_PROBLEM, N_ ("What %s says on this port is not TLS."),
    N_ ("Another service listens there, or one without encryption."), N_ ("Look at the port.") },
  { "tls-version", CW_SEVERITY_PROBLEM, N_ ("%s speaks no version of TLS that can be used here."),
    N_ ("At least TLS 1.2 is needed; what is older is not secure."),
    N_ ("Ask the server’s owner to permit TLS 1.2 or 1.3.") },
  { "tls-handshake", CW_SEVERITY_PROBLEM,
    N_ ("%s and this computer cannot agree on how to encrypt."),
    N_ ("There is no cipher that both take, the server has no certificate of a kind that is known "
        "here, or it wants something that it does not say."),
    N_ ("Look at the server’s log, and at the ciphers that it permits.") },
  { "tls-name", CW_SEVERITY_PROBLEM, N_ ("The server does not know the name %s."),
    N_ ("It serves several names (SNI), and this is none of them."),
    N_ ("Use the name that the server was set up for.") },
  { "tls-failed", CW_SEVERITY_PROBLEM, N_ ("The TLS handshake with %s fails."), NULL,
    N_ ("Look at the server’s log, and send its owner this report.") },
  { "server-other-choice", CW_SEVERITY_PROBLEM,
    N_ ("The chosen CAs do not verify %s, but another choice would."), NULL, NULL },
  { "server-chain-incomplete", CW_SEVERITY_PROBLEM,
    N_ ("%s does not send its intermediate certificate."),
    N_ ("Its certificate is from a CA that is trusted, but what is between the two is missing, so "
        "it cannot be verified."),
    N_ ("Ask the server’s owner to send the full chain (for nginx: fullchain.pem), or add the "
        "intermediate certificate to the chosen CAs.") },
  { "server-self-signed", CW_SEVERITY_PROBLEM, N_ ("The certificate of %s is signed by itself."),
    N_ ("No CA vouches for it. Anybody can make one for any name."),
    N_ ("Compare its fingerprint with the one that the server’s owner knows; if they are the same, "
        "choose this certificate as the CA.") },
  { "server-ca-unknown", CW_SEVERITY_PROBLEM, N_ ("The chosen CAs do not verify %s."),
    N_ ("The server’s certificate comes from a CA that is not among them, or the server does not "
        "send its intermediate certificate. It could also be somebody else’s server."),
    N_ ("Ask the server’s owner for the certificate of the CA, and choose it as a file.") },
  { "server-name", CW_SEVERITY_PROBLEM, N_ ("The server’s certificate is not for %s."), NULL,
    N_ ("Use one of the names that it is for, or ask the server’s owner for a certificate with "
        "this one.") },
  { "server-expired", CW_SEVERITY_PROBLEM, N_ ("The certificate of %s has expired."), NULL,
    N_ ("Ask the server’s owner to renew it.") },
  { "server-ca-expired", CW_SEVERITY_PROBLEM,
    N_ ("One of the chosen CAs has expired, so they do not verify %s."),
    N_ ("The server is not to blame."),
    N_ ("Ask the server’s owner for the certificate that has taken its place, and choose it as a "
        "file.") },
  { "server-not-yet-valid", CW_SEVERITY_PROBLEM, N_ ("The certificate of %s is not valid yet."),
    NULL,
    N_ ("Look at date and time of this computer first: its clock may be wrong. Then ask the "
        "server’s owner.") },
  { "server-invalid", CW_SEVERITY_PROBLEM, N_ ("The certificate of %s is refused."), NULL,
    N_ ("Ask the server’s owner for a certificate that is made for servers, and send this "
        "report.") },
  { "certificate-required", CW_SEVERITY_PROBLEM,
    N_ ("%s wants a certificate, and says that it got none."), NULL,
    N_ ("Look at the server’s log, and send its owner this report.") },
  { "certificate-not-sent", CW_SEVERITY_PROBLEM,
    N_ ("%s asks for a certificate, but does not take this kind of key."),
    N_ ("The algorithms that it permits do not fit the key, so the certificate was not sent."),
    N_ ("Make a new request with another kind of key (RSA in place of EC, or the other way "
        "round), or ask the server’s owner to permit this one.") },
  { "certificate-ca-unknown", CW_SEVERITY_PROBLEM,
    N_ ("%s does not know the CA of the certificate."),
    N_ ("The server trusts other CAs for its clients, or an intermediate certificate is missing "
        "in what is sent."),
    N_ ("Ask the server’s owner to trust the CA, and send the CA’s certificate along.") },
  { "certificate-bad", CW_SEVERITY_PROBLEM, N_ ("%s finds the certificate bad."),
    N_ ("It could not read or verify it, or its rules do not permit it."),
    N_ ("Look at the server’s log, and at the report on the certificate.") },
  { "certificate-unsupported", CW_SEVERITY_PROBLEM,
    N_ ("%s does not take this kind of certificate."),
    N_ ("Most often the certificate does not permit client authentication (its extended key "
        "usage), or its kind of key is not known there."),
    N_ ("Look at the report on the certificate, and ask the CA for one for client "
        "authentication.") },
  { "certificate-revoked", CW_SEVERITY_PROBLEM,
    N_ ("%s says that the certificate has been revoked."),
    N_ ("It is on the revocation list that the server uses."),
    N_ ("Ask the CA why, and make a new request.") },
  { "certificate-expired", CW_SEVERITY_PROBLEM, N_ ("%s says that the certificate has expired."),
    N_ ("It, or a CA above it, is out of its dates, or the server’s clock is wrong. A revocation "
        "list that is out of date is reported in the same way."),
    N_ ("Look at the dates in the report on the certificate, then ask the server’s owner.") },
  { "certificate-unknown", CW_SEVERITY_PROBLEM,
    N_ ("%s refuses the certificate, and does not say why."), NULL,
    N_ ("Look at the server’s log, and send its owner this report.") },
  { "certificate-denied", CW_SEVERITY_PROBLEM,
    N_ ("%s finds the certificate valid, but gives it no access."), NULL,
    N_ ("Ask the server’s owner to grant it access; its name and fingerprint help.") },
  { "certificate-signature", CW_SEVERITY_PROBLEM,
    N_ ("%s could not verify the signature made with the key."),
    N_ ("Key and certificate fit here, so the server, or something between, is at fault."),
    N_ ("Look at the server’s log, and send its owner this report.") },
  { "certificate-closed", CW_SEVERITY_PROBLEM, N_ ("%s hangs up when it has got the certificate."),
    N_ ("Most likely it does not accept it, but it did not say so."),
    N_ ("Look at the server’s log, and send its owner this report.") },
  { "certificate-refused", CW_SEVERITY_PROBLEM,
    N_ ("%s refuses the connection with the certificate."), NULL,
    N_ ("Look at the server’s log, and send its owner this report.") },
  { "http-certificate-missing", CW_SEVERITY_PROBLEM,
    N_ ("The web server at %s says that no certificate was sent."),
    N_ ("TLS works, but the server did not get the certificate, or something in front of it did "
        "not pass it on."),
    N_ ("Look at whether the server asks for certificates of this CA, and send its owner this "
        "report.") },
  { "http-certificate-refused", CW_SEVERITY_PROBLEM,
    N_ ("The web server at %s does not accept the certificate."),
    N_ ("TLS works, but the server could not verify the certificate: it does not know the CA, the "
        "certificate is out of its dates or revoked, or an intermediate certificate is missing."),
    N_ ("Ask the server’s owner which CAs it accepts, and look at the server’s log.") },
  { "http-denied", CW_SEVERITY_PROBLEM, N_ ("TLS works with %s, but the service itself refuses."),
    NULL,
    N_ ("Ask the service’s owner to grant access, or look at the path and at what else has "
        "to be sent, such as a token.") },
  { "http-bad-request", CW_SEVERITY_PROBLEM,
    N_ ("TLS works with %s, but the service does not understand the request."),
    N_ ("Many services answer so when they are asked without what they expect."),
    N_ ("Look at the path, or ask the service’s owner.") },
  { "http-failed", CW_SEVERITY_PROBLEM, N_ ("TLS works with %s, but the service has a fault."),
    NULL, N_ ("Try again later, and tell the service’s owner.") },
  { "answer-timeout", CW_SEVERITY_PROBLEM, N_ ("TLS works with %s, but the service says nothing."),
    N_ ("No answer came in time."), N_ ("Look at the port and path, and at the server’s log.") },
  { "answer-closed", CW_SEVERITY_PROBLEM,
    N_ ("TLS works with %s, but it hangs up without an answer."),
    N_ ("Another protocol may be spoken there."),
    N_ ("Look at the port, and at the server’s log.") },
  { "answer-garbage", CW_SEVERITY_PROBLEM, N_ ("TLS works with %s, but its answer makes no sense."),
    N_ ("Another protocol is spoken there."), N_ ("Look at the kind of address and the port.") },
  { "answer-endless", CW_SEVERITY_PROBLEM, N_ ("TLS works with %s, but its answer does not end."),
    N_ ("The header of its answer is longer than any that is meant."),
    N_ ("Look at the port, and tell the server’s owner.") },
  { "websocket-refused", CW_SEVERITY_PROBLEM,
    N_ ("TLS works with %s, but there is no WebSocket at this path."), NULL,
    N_ ("Look at the path, and whether a proxy in front of the service passes WebSockets on.") },
  { "websocket-invalid", CW_SEVERITY_PROBLEM,
    N_ ("TLS works with %s, but its answer for a WebSocket is wrong."),
    N_ ("It agrees, but not in the way of RFC 6455. Something in between may have changed it."),
    N_ ("Tell the service’s owner.") },
  { "mqtt-version", CW_SEVERITY_PROBLEM,
    N_ ("%s took the certificate, but not this version of MQTT."), NULL,
    N_ ("Ask the broker’s owner to permit MQTT 3.1.1.") },
  { "mqtt-client-id", CW_SEVERITY_PROBLEM,
    N_ ("%s took the certificate, but refuses the client id."), NULL,
    N_ ("Use the client id that the broker expects.") },
  { "mqtt-unavailable", CW_SEVERITY_PROBLEM,
    N_ ("%s took the certificate, but its service is not available."), NULL,
    N_ ("Try again later, and tell the broker’s owner.") },
  { "mqtt-credentials", CW_SEVERITY_PROBLEM, N_ ("%s refuses the user name or password."),
    N_ ("TLS works. The broker does not recognise the certificate as a login, or wants a user name "
        "and password beside it."),
    N_ ("Ask the broker’s owner to register the certificate, or look at whether the device has "
        "credentials of the type X.509.") },
  { "mqtt-denied", CW_SEVERITY_PROBLEM, N_ ("TLS works with %s, but the client is not authorised."),
    N_ ("The broker does not know this certificate, or it has no access."),
    N_ ("Ask the broker’s owner to register the certificate, or look at whether the device has "
        "exactly this one.") },
  { "mqtt-refused", CW_SEVERITY_PROBLEM,
    N_ ("TLS works with %s, but the broker refuses the connection."), NULL,
    N_ ("Look at the broker’s log.") },
  { "publish-failed", CW_SEVERITY_PROBLEM,
    N_ ("%s accepts the certificate, but did not confirm the message."),
    N_ ("The client may not publish to this topic, or the broker hung up."),
    N_ ("Look at the topic, and at the rights of the client.") },
  { "library-missing", CW_SEVERITY_PROBLEM, N_ ("The connection cannot be tested."), NULL, NULL },
};

#define SEND_IT                                                                                    \
  N_ ("Send the certificate (never the private key) to the server’s owner, and ask that the "    \
      "server trust it.")

/* What is to be said in place of that of a certificate that is signed by itself: no CA can be known
 * or asked. Without a title, it is the same. */
static const struct
{
  const char *id;
  const char *title;
  const char *meaning;
  const char *remedy;
} of_self_signed[] = {
  { "certificate-ca-unknown", N_ ("%s does not know the certificate."),
    N_ ("It is signed by itself, so the server has to be given this very certificate."), SEND_IT },
  { "certificate-bad", NULL,
    N_ ("It could not verify it, or its rules do not permit it. It is signed by itself, so the "
        "server has to be given this very certificate."),
    SEND_IT },
  { "certificate-unsupported", NULL,
    N_ ("Most often the certificate does not permit client authentication (its extended key "
        "usage), or its kind of key is not known there."),
    N_ ("Look at the report on the certificate, and make a new one for client "
        "authentication.") },
  { "certificate-revoked", NULL,
    N_ ("The server’s owner has withdrawn it, or the server means another one."),
    N_ ("Ask the server’s owner why, and make a new certificate.") },
  { "certificate-expired", NULL, N_ ("It is out of its dates, or the server’s clock is wrong."),
    N_ ("Look at the dates in the report on the certificate, then ask the server’s owner.") },
  { "certificate-unknown", NULL,
    N_ ("It is signed by itself, so the server has to be given this very certificate."), SEND_IT },
  { "certificate-closed", NULL,
    N_ ("Most likely it does not accept it, but it did not say so. It is signed by itself, so the "
        "server has to be given this very certificate."),
    SEND_IT },
  { "certificate-refused", NULL,
    N_ ("It is signed by itself, so the server has to be given this very certificate."), SEND_IT },
  { "http-certificate-missing", NULL,
    N_ ("TLS works, but the server did not get the certificate, or something in front of it did "
        "not pass it on."),
    N_ ("Look at whether the server was given this very certificate, and send its owner this "
        "report.") },
  { "http-certificate-refused", NULL,
    N_ ("TLS works, but the server could not verify the certificate. It is signed by itself, so "
        "the server has to be given this very certificate."),
    SEND_IT },
  { "http-denied", NULL,
    N_ ("The certificate is signed by itself, so the service has to be given this very "
        "certificate."),
    N_ ("Send the certificate (never the private key) to the service’s owner, or look at the path "
        "and at what else has to be sent, such as a token.") },
};

/* Each: not translated yet; @title has the server's name in it */
static CwFinding *
create (guint i,
        const char *host,
        const char *title,
        const char *meaning,
        const char *remedy,
        const char *more)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *shown = g_strdup_printf (_ (title), host);
#pragma GCC diagnostic pop
  const char *translated = meaning != NULL ? _ (meaning) : NULL;
  g_autofree char *both = translated != NULL && more != NULL
                              ? cw_text_join_sentences (translated, more)
                              : g_strdup (translated != NULL ? translated : more);
  return cw_finding_new (verdicts[i].id, verdicts[i].severity, shown, both,
                         remedy != NULL ? _ (remedy) : NULL);
}

static guint
find (const char *id)
{
  guint i = 0;
  while (i < G_N_ELEMENTS (verdicts) && !g_str_equal (verdicts[i].id, id))
    i++;
  return i;
}

CwFinding *
cw_verdict_new (const char *id, const char *host, const char *more)
{
  g_return_val_if_fail (id != NULL && host != NULL, NULL);

  guint i = find (id);
  g_return_val_if_fail (i < G_N_ELEMENTS (verdicts), NULL);
  return create (i, host, verdicts[i].title, verdicts[i].meaning, verdicts[i].remedy, more);
}

CwFinding *
cw_verdict_new_for_self_signed (const char *id, const char *host, const char *more)
{
  g_return_val_if_fail (id != NULL && host != NULL, NULL);

  guint i = find (id);
  g_return_val_if_fail (i < G_N_ELEMENTS (verdicts), NULL);
  for (guint j = 0; j < G_N_ELEMENTS (of_self_signed); j++)
    if (g_str_equal (of_self_signed[j].id, id))
      return create (i, host,
                     of_self_signed[j].title != NULL ? of_self_signed[j].title : verdicts[i].title,
                     of_self_signed[j].meaning, of_self_signed[j].remedy, more);
  return cw_verdict_new (id, host, more);
}
