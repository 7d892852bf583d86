/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: TLS set up as the consumer does it, and what is seen of the
 * handshake, whoever makes it (libcurl, libmosquitto).
 */

#pragma once

#include <openssl/ssl.h>

#include "cw-chain.h"
#include "cw-endpoint.h"
#include "cw-key.h"
#include "cw-trust.h"

G_BEGIN_DECLS

#define CW_NO_ALERT (-1)

/**
 * CwTlsSettings:
 * @endpoint: whose name is asked for and compared
 * @trust: whose certificates the server is verified with
 * @verify_chain, @verify_name: whether one that is not verified, or is for another
 *   name, ends the handshake
 * @key, @chain: (nullable): what is sent if the server asks for it
 * @max_received: after how many bytes the connection is cut off; 0 for never
 * @known: (nullable): the chain that is compared with the CAs that the server
 *   names, whether it is sent or not
 */
typedef struct
{
  CwEndpoint *endpoint;
  CwTrust *trust;
  gboolean verify_chain;
  gboolean verify_name;
  CwKey *key;
  CwChain *chain;
  CwChain *known;
  gsize max_received;
} CwTlsSettings;

/**
 * CwHandshake:
 * @first: the first bytes that came, if they came at all
 * @done: whether it came to its end
 * @done_at: when, in g_get_monotonic_time()
 * @received: how many bytes came, encrypted
 * @protocol, @cipher: (nullable): what was agreed on
 * @presented: (element-type CwCertificate): what the server sent
 * @verified: whether it came to verifying them
 * @code: X509_V_OK, or why they do not verify
 * @culprit: (nullable): the certificate that this is about
 * @culprit_sent: whether it is one that the server sent
 * @name_fits: whether the server's certificate is for its name
 * @asked: whether the server asked for a certificate
 * @asked_late: whether it did so after the handshake
 * @n_accepted: how many CAs it says it accepts; none means any
 * @accepted: (element-type CwSubject): the first of them
 * @accepts_ours: whether one of ours is among them
 * @sent: whether a certificate was sent to it
 * @content: whether the server has gone on after that, which shows that TLS
 *   itself has no objection
 * @alert_received, @alert_sent: a fatal alert (RFC 8446, 6), or %CW_NO_ALERT
 * @reason: OpenSSL's reason for a failure, or 0
 *
 * What was seen.
 */
typedef struct
{
  CwTlsSettings settings;
  SSL *ssl;   /* the connection's, kept for its last words */
  int socket; /* another descriptor of its socket, or -1 */

  guint8 first[5];
  gboolean heard;
  gsize received;
  gboolean done;
  gint64 done_at;
  char *protocol;
  char *cipher;
  GPtrArray *presented;
  gboolean verified;
  int code;
  CwCertificate *culprit;
  gboolean culprit_sent;
  gboolean name_fits;
  gboolean asked;
  gboolean asked_late;
  guint n_accepted;
  GPtrArray *accepted;
  gboolean accepts_ours;
  gboolean sent;
  gboolean content;
  int alert_received;
  int alert_sent;
  int reason;
} CwHandshake;

/* @settings are borrowed. */
CwHandshake *cw_handshake_new (const CwTlsSettings *settings);
void cw_handshake_free (CwHandshake *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwHandshake, cw_handshake_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SSL_CTX, SSL_CTX_free)

/**
 * cw_handshake_attach:
 * @context: for one connection, which must not outlive @self
 * @error: %CW_ERROR_MISMATCH if the key is not the certificate's;
 *   %CW_ERROR_UNSUPPORTED if OpenSSL does not want to use one of them
 *
 * Sets @context up by the settings, and watches what comes of it.
 */
gboolean cw_handshake_attach (CwHandshake *self, SSL_CTX *context, GError **error);

/**
 * cw_handshake_set_socket:
 * @socket: connected, not blocking
 *
 * Has OpenSSL use it itself. libcurl would pass everything on by functions that
 * are gone when it has given the connection up.
 */
void cw_handshake_set_socket (CwHandshake *self, int socket);

/**
 * cw_handshake_hear_out:
 *
 * After whoever used it has given the connection up: reads what is left. A
 * server that refuses a certificate hangs up at once, so that writing fails
 * before anybody has read why.
 */
void cw_handshake_hear_out (CwHandshake *self);

/**
 * cw_handshake_hang_up:
 *
 * After everything has been heard: lets go of the connection. Until then a server
 * that serves one after the other may wait for its end, and serve nobody else.
 * What was seen stays.
 */
void cw_handshake_hang_up (CwHandshake *self);

/* Whether what came first was HTTP without TLS. */
gboolean cw_handshake_saw_http (CwHandshake *self);

/* Whether what came first was no record of TLS. */
gboolean cw_handshake_saw_no_tls (CwHandshake *self);

G_END_DECLS
