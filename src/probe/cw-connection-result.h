/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-certificate.h"
#include "cw-report.h"

G_BEGIN_DECLS

/**
 * CwTrustChoice:
 * @CW_TRUST_NONE: none of those that were tried
 * @CW_TRUST_SYSTEM: the system's CAs alone
 * @CW_TRUST_REPLY: those that came with the reply
 * @CW_TRUST_FILE: those of a file
 *
 * Where the CAs that may have issued the server's certificate come from.
 */
typedef enum
{
  CW_TRUST_NONE,
  CW_TRUST_SYSTEM,
  CW_TRUST_REPLY,
  CW_TRUST_FILE,
} CwTrustChoice;

/* clang-format off */
/**
 * CwConnectionResult:
 *
 * What a connection test found out: a list model of #CwFinding, the evidence in
 * the order in which it was found, and a verdict above it. Immutable.
 *
 * The verdict's ids are stable: scripts go by them.
 *
 * | id | severity | what it says |
 * | --- | --- | --- |
 * | works | good | it works |
 * | works-status | note | TLS works, and the service answers that it does not have the path, or the like |
 * | works-without | note | it works, and without the certificate as well |
 * | certificate-not-asked | warning | it works, but the server never asked for the certificate |
 * | server-unverified | warning | it works, but the server is not verified |
 * | no-certificate | warning | the server was reached, and there is no certificate to show it |
 * | key-mismatch | problem | the key is not the certificate's |
 * | key-unusable | problem | OpenSSL refuses to use the key or the certificate |
 * | cas-unreadable | problem | the CAs that were chosen cannot be read |
 * | name-unknown | problem | there is no such host |
 * | name-failed | problem | whether there is such a host could not be found out |
 * | refused | problem | nothing listens there |
 * | unreachable | problem | there is no way there |
 * | connect-timeout | problem | the host does not answer |
 * | proxy-failed | problem | the proxy cannot be reached, or does not connect |
 * | proxy-auth | problem | the proxy wants a user name and password |
 * | proxy-denied | problem | the proxy does not permit it |
 * | tls-timeout | problem | it accepts connections, but the handshake does not come to an end |
 * | tls-closed | problem | it closes the connection within the handshake |
 * | not-tls-http | problem | it speaks plain HTTP there |
 * | not-tls | problem | what it says is not TLS |
 * | tls-version | problem | there is no version of TLS that both speak |
 * | tls-handshake | problem | there is no cipher or algorithm that both speak, or it wants a certificate and does not say so |
 * | tls-name | problem | the server has no service of that name (SNI) |
 * | tls-failed | problem | the handshake fails for another reason |
 * | server-other-choice | problem | another choice of CAs would verify the server |
 * | server-chain-incomplete | problem | the server does not send its intermediate certificates |
 * | server-self-signed | problem | the server's certificate is signed by itself |
 * | server-ca-unknown | problem | the CAs chosen do not verify the server |
 * | server-name | problem | the server's certificate is for another name |
 * | server-expired | problem | the server's certificate, or its CA's, has expired |
 * | server-ca-expired | problem | one of the CAs chosen has expired |
 * | server-not-yet-valid | problem | the same is not valid yet, or the clock here is wrong |
 * | server-invalid | problem | the server's certificate is refused for another reason |
 * | certificate-required | problem | the server says that it got no certificate |
 * | certificate-not-sent | problem | the key is of no kind that the server takes |
 * | certificate-ca-unknown | problem | the server does not know the CA of the certificate |
 * | certificate-bad | problem | the server finds the certificate bad |
 * | certificate-unsupported | problem | the server does not take this kind of certificate |
 * | certificate-revoked | problem | the server says that it is revoked |
 * | certificate-expired | problem | the server says that it has expired |
 * | certificate-unknown | problem | the server refuses it for a reason that it does not say |
 * | certificate-denied | problem | the certificate is valid, but has no access |
 * | certificate-signature | problem | the server could not verify the key's signature |
 * | certificate-closed | problem | the server hangs up when it has seen the certificate |
 * | certificate-refused | problem | the handshake with the certificate fails in another way |
 * | http-certificate-missing | problem | the web server says that no certificate was sent |
 * | http-certificate-refused | problem | the web server says that the certificate is not accepted |
 * | http-denied | problem | TLS works, the service refuses (401, 403) |
 * | http-bad-request | problem | TLS works, the service does not understand the request (400) |
 * | http-failed | problem | TLS works, the service fails (5xx) |
 * | answer-timeout | problem | TLS works, the service says nothing |
 * | answer-closed | problem | TLS works, the service hangs up without an answer |
 * | answer-garbage | problem | TLS works, the answer is not of the protocol |
 * | answer-endless | problem | TLS works, the answer's header does not end |
 * | websocket-refused | problem | TLS works, the path is no WebSocket |
 * | websocket-invalid | problem | the upgrade is not answered as RFC 6455 wants it |
 * | mqtt-version | problem | CONNACK 1: another version of MQTT |
 * | mqtt-client-id | problem | CONNACK 2: the client id is refused |
 * | mqtt-unavailable | problem | CONNACK 3: the service is not available |
 * | mqtt-credentials | problem | CONNACK 4: bad user name or password |
 * | mqtt-denied | problem | CONNACK 5: not authorised |
 * | mqtt-refused | problem | CONNACK of another code |
 * | publish-failed | problem | connected, but the message was not confirmed |
 * | library-missing | problem | a library that the test needs is not installed |
 */
/* clang-format on */
#define CW_TYPE_CONNECTION_RESULT (cw_connection_result_get_type ())
G_DECLARE_FINAL_TYPE (CwConnectionResult, cw_connection_result, CW, CONNECTION_RESULT, GObject)

/**
 * cw_connection_result_get_verdict_ids:
 *
 * Returns: (transfer none): every id that a verdict can have, in the order of
 *   the table above, %NULL-terminated
 */
const char *const *cw_connection_result_get_verdict_ids (void);

/**
 * cw_connection_result_get_verdict:
 *
 * Returns: (transfer none): all of it in one sentence (title), what it means,
 *   and what to do
 */
CwFinding *cw_connection_result_get_verdict (CwConnectionResult *self);

/**
 * cw_connection_result_works:
 *
 * Whether a service answered over TLS as it should: the verdict is good or a
 * note, and there was a certificate to test. A warning says that nothing was
 * proved of it, or of the server.
 */
gboolean cw_connection_result_works (CwConnectionResult *self);

/**
 * cw_connection_result_find:
 *
 * Beside the verdicts on a server ("server-…"), evidence has these ids:
 *   proxy-used, reached: the way there
 *   server-presented, server-verified, tls: what it is, what was agreed on
 *   certificate-asked, certificate-asked-late, certificate-not-asked: whether it
 *     asks, and if only after the handshake
 *   cas-any, cas-ours, cas-not-ours: which CAs it says it accepts
 *   without-works, without-refused: what came of the connection without
 *   certificate-sent, certificate-not-sent, with-works, with-refused: and with
 *     the certificate
 *   published: the broker's confirmation
 *
 * Returns: (transfer none) (nullable): the first piece of evidence with that id
 */
CwFinding *cw_connection_result_find (CwConnectionResult *self, const char *id);

/**
 * cw_connection_result_get_address:
 *
 * Returns: (transfer none): what was tested, as cw_endpoint_to_string() but
 *   without what its query says
 */
const char *cw_connection_result_get_address (CwConnectionResult *self);

GDateTime *cw_connection_result_get_time (CwConnectionResult *self); /* (transfer none), UTC */

/**
 * cw_connection_result_get_presented:
 *
 * Returns: (transfer none) (element-type CwCertificate): the certificates that
 *   the server sent, in its order; empty if it did not come to that
 */
GPtrArray *cw_connection_result_get_presented (CwConnectionResult *self);

/**
 * cw_connection_result_get_offered_ca:
 *
 * Returns: (transfer none) (nullable): if the server is not verified by the CAs
 *   chosen: the root that it sent, or its own self-signed certificate, with
 *   which it would be. Anybody can send one: show its fingerprint, have it
 *   compared with the owner's, never trust it silently.
 */
CwCertificate *cw_connection_result_get_offered_ca (CwConnectionResult *self);

/**
 * cw_connection_result_get_working_choice:
 *
 * Returns: if the server is not verified by the CAs chosen: the first of the
 *   other choices with which it would be; %CW_TRUST_NONE if there is none.
 *   Where the system's CAs are part of each choice, never %CW_TRUST_SYSTEM.
 */
CwTrustChoice cw_connection_result_get_working_choice (CwConnectionResult *self);

/**
 * cw_connection_result_to_text:
 *
 * Returns: (transfer full): the whole of it as plain text, to be sent to
 *   somebody: address, time, verdict, evidence, versions. There is no secret in
 *   it.
 */
char *cw_connection_result_to_text (CwConnectionResult *self);

G_END_DECLS
