/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-handshake.h"
#include "cw-openssl.h"

#define MAX_PRESENTED 20 /* certificates, and names of CAs, that are kept */

#define MAX_RECORDS 8 /* that are read when a connection has ended */

#define ALERT_FATAL 2 /* RFC 8446, 6 */

#define COMPRESSED_CERTIFICATE 25 /* RFC 8879, 4; OpenSSL knows it from 3.2 on */

static int
get_index (void)
{
  static int index;
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      index = SSL_CTX_get_ex_new_index (0, NULL, NULL, NULL, NULL);
      g_once_init_leave (&once, 1);
    }
  return index;
}

static CwHandshake *
get_self (const SSL *ssl)
{
  return SSL_CTX_get_ex_data (SSL_get_SSL_CTX (ssl), get_index ());
}

static void
note_start (CwHandshake *self, SSL *ssl)
{
  CwEndpoint *endpoint = self->settings.endpoint;
  g_autofree char *name =
      cw_endpoint_is_ip (endpoint) ? NULL : g_strdup (cw_endpoint_get_host (endpoint));
  /* libmosquitto would name what it connects to, which is an IP address by now. */
  SSL_set_tlsext_host_name (ssl, name);
  SSL_up_ref (ssl);
  self->ssl = ssl;
  if (self->socket >= 0)
    SSL_set_fd (ssl, self->socket);
  else
    cw_handshake_set_socket (self, SSL_get_fd (ssl));
}

static void
note_end (CwHandshake *self, const SSL *ssl)
{
  if (self->done)
    return;
  self->done = TRUE;
  self->done_at = g_get_monotonic_time ();
  /* "TLSv1.3" */
  self->protocol = g_strdup_printf ("TLS %s", SSL_get_version (ssl) + strlen ("TLSv"));
  self->cipher = g_strdup (SSL_get_cipher_name (ssl));
  /* In TLS 1.3 the server has not seen the certificate by now. */
  self->content = SSL_version (ssl) < TLS1_3_VERSION;
}

static void
note_alert (int *alert, int value)
{
  if (*alert == CW_NO_ALERT && value >> 8 == ALERT_FATAL)
    *alert = value & 0xff;
}

static void
info_cb (const SSL *ssl, int where, int value)
{
  CwHandshake *self = get_self (ssl);
  if (where == SSL_CB_HANDSHAKE_START && self->ssl == NULL)
    note_start (self, (SSL *) ssl);
  else if (where == SSL_CB_HANDSHAKE_DONE)
    note_end (self, ssl);
  else if (where == SSL_CB_READ_ALERT)
    note_alert (&self->alert_received, value);
  else if (where == SSL_CB_WRITE_ALERT)
    note_alert (&self->alert_sent, value);
  /* Whoever runs the handshake takes the queue away after this. */
  if (self->reason == 0 && ERR_GET_LIB (ERR_peek_last_error ()) == ERR_LIB_SSL)
    self->reason = ERR_GET_REASON (ERR_peek_last_error ());
}

static void
note_record (CwHandshake *self, const guint8 *header)
{
  if (!self->heard)
    memcpy (self->first, header, sizeof self->first);
  self->heard = TRUE;
  self->received += (gsize) (header[3] << 8 | header[4]);
  /* libmosquitto would go on reading for as long as something comes. */
  if (self->settings.max_received > 0 && self->received > self->settings.max_received)
    shutdown (self->socket, SHUT_RDWR);
}

/* Whether what we sent is a list of certificates, and not an empty one. */
static gboolean
has_certificate (const guint8 *message, gsize size)
{
  /* Its type, and in three bytes its size. An empty list takes four more at most. */
  if (size > 8 && message[0] == SSL3_MT_CERTIFICATE)
    return TRUE;
  /* In two bytes how, and in three the size without. */
  return size > 9 && message[0] == COMPRESSED_CERTIFICATE &&
         (message[6] << 16 | message[7] << 8 | message[8]) > 4;
}

static void
message_cb (int sent,
            int version,
            int content_type,
            const void *data,
            size_t size,
            SSL *ssl,
            void *user_data)
{
  CwHandshake *self = user_data;
  if (!sent && content_type == SSL3_RT_HEADER && size >= sizeof self->first)
    note_record (self, data);
  if (!sent && content_type == SSL3_RT_HANDSHAKE && size > 0 &&
      *(const guint8 *) data == SSL3_MT_NEWSESSION_TICKET)
    self->content = TRUE;
  if (!sent && content_type == SSL3_RT_INNER_CONTENT_TYPE && size > 0 &&
      *(const guint8 *) data == SSL3_RT_APPLICATION_DATA)
    self->content = TRUE;
  if (sent && content_type == SSL3_RT_HANDSHAKE && has_certificate (data, size))
    self->sent = TRUE;
}

static gboolean
is_ours (CwHandshake *self, const X509_NAME *name)
{
  if (self->settings.known == NULL)
    return FALSE;
  GPtrArray *certificates = cw_chain_get_certificates (self->settings.known);
  for (guint i = 0; i < certificates->len; i++)
    if (X509_NAME_cmp (cw_certificate_peek_issuer_name (g_ptr_array_index (certificates, i)),
                       name) == 0)
      return TRUE;
  return FALSE;
}

/* The server asks for a certificate. */
static int
asked_cb (SSL *ssl, void *user_data)
{
  CwHandshake *self = user_data;
  const STACK_OF (X509_NAME) *names = SSL_get0_peer_CA_list (ssl);
  self->asked = TRUE;
  self->asked_late = self->done;
  g_ptr_array_set_size (self->accepted, 0);
  self->n_accepted = names != NULL ? (guint) sk_X509_NAME_num (names) : 0;
  self->accepts_ours = self->n_accepted == 0;
  for (guint i = 0; i < self->n_accepted; i++)
    {
      const X509_NAME *name = sk_X509_NAME_value (names, (int) i);
      if (i < MAX_PRESENTED)
        g_ptr_array_add (self->accepted, cw_subject_new_for_name (name));
      if (is_ours (self, name))
        self->accepts_ours = TRUE;
    }
  return 1;
}

/* (transfer full) (nullable): in our own type, unless that cannot read it */
static CwCertificate *
read_x509 (X509 *x509)
{
  guint8 *data = NULL;
  int size = i2d_X509 (x509, &data);
  g_autoptr (GBytes) der = g_bytes_new (data, size > 0 ? (gsize) size : 0);
  OPENSSL_free (data);
  return cw_certificate_new_from_der (der, NULL);
}

static void
keep_presented (CwHandshake *self, X509_STORE_CTX *context)
{
  STACK_OF (X509) *sent = X509_STORE_CTX_get0_untrusted (context);
  g_ptr_array_set_size (self->presented, 0);
  for (int i = 0; i < sk_X509_num (sent) && i < MAX_PRESENTED; i++)
    {
      CwCertificate *certificate = read_x509 (sk_X509_value (sent, i));
      if (certificate != NULL)
        g_ptr_array_add (self->presented, certificate);
      else if (i == 0)
        /* The first is taken for the server's own. */
        return;
    }
}

static void
keep_culprit (CwHandshake *self, X509 *culprit)
{
  g_clear_object (&self->culprit);
  self->culprit_sent = FALSE;
  if (culprit == NULL)
    return;
  self->culprit = read_x509 (culprit);
  for (guint i = 0; self->culprit != NULL && i < self->presented->len; i++)
    if (cw_certificate_equal (g_ptr_array_index (self->presented, i), self->culprit))
      self->culprit_sent = TRUE;
}

static gboolean
fits (X509 *x509, CwEndpoint *endpoint)
{
  const char *host = cw_endpoint_get_host (endpoint);
  if (cw_endpoint_is_ip (endpoint))
    return X509_check_ip_asc (x509, host, 0) == 1;
  return X509_check_host (x509, host, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1;
}

static int
verify_cb (X509_STORE_CTX *context, void *user_data)
{
  CwHandshake *self = user_data;
  X509 *leaf = X509_STORE_CTX_get0_cert (context);
  keep_presented (self, context);
  self->verified = TRUE;
  X509 *culprit = NULL;
  self->code = cw_trust_verify (self->settings.trust, leaf, X509_STORE_CTX_get0_untrusted (context),
                                &culprit);
  keep_culprit (self, culprit);
  X509_free (culprit);
  self->name_fits = fits (leaf, self->settings.endpoint);
  /* Chooses the alert that the server gets. */
  gboolean name_fits = self->name_fits || !self->settings.verify_name;
  X509_STORE_CTX_set_error (
      context, self->code != X509_V_OK || name_fits ? self->code : X509_V_ERR_HOSTNAME_MISMATCH);
  return (self->code == X509_V_OK || !self->settings.verify_chain) && name_fits;
}

static gboolean
use_certificate (SSL_CTX *context, CwChain *chain)
{
  GPtrArray *certificates = cw_chain_get_certificates (chain);
  if (SSL_CTX_use_certificate (context,
                               cw_certificate_peek_x509 (g_ptr_array_index (certificates, 0))) != 1)
    return FALSE;
  for (guint i = 1; i < certificates->len; i++)
    {
      CwCertificate *above = g_ptr_array_index (certificates, i);
      if (!cw_certificate_is_self_signed (above) &&
          SSL_CTX_add1_chain_cert (context, cw_certificate_peek_x509 (above)) != 1)
        return FALSE;
    }
  return TRUE;
}

static gboolean
use_key_pair (CwHandshake *self, SSL_CTX *context, GError **error)
{
  CwTlsSettings *settings = &self->settings;
  if (settings->key == NULL || settings->chain == NULL)
    return TRUE;

  if (!g_str_equal (cw_key_get_fingerprint (settings->key),
                    cw_certificate_get_key_fingerprint (cw_chain_get_leaf (settings->chain))))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
                   _ ("The private key does not belong to the certificate “%s”."),
                   cw_certificate_get_title (cw_chain_get_leaf (settings->chain)));
      return FALSE;
    }
  ERR_clear_error ();
  if (!use_certificate (context, settings->chain) ||
      SSL_CTX_use_PrivateKey (context, cw_key_peek_pkey (settings->key)) != 1)
    {
      cw_error_set_openssl (error, CW_ERROR_UNSUPPORTED,
                            _ ("OpenSSL does not use the certificate “%s” or its key."),
                            cw_certificate_get_title (cw_chain_get_leaf (settings->chain)));
      return FALSE;
    }
  return TRUE;
}

CwHandshake *
cw_handshake_new (const CwTlsSettings *settings)
{
  g_return_val_if_fail (settings != NULL && settings->endpoint != NULL, NULL);
  g_return_val_if_fail (settings->trust != NULL, NULL);

  CwHandshake *self = g_new0 (CwHandshake, 1);
  self->settings = *settings;
  self->presented = g_ptr_array_new_with_free_func (g_object_unref);
  self->accepted = g_ptr_array_new_with_free_func (g_object_unref);
  self->alert_received = CW_NO_ALERT;
  self->alert_sent = CW_NO_ALERT;
  self->socket = -1;
  return self;
}

void
cw_handshake_free (CwHandshake *self)
{
  g_return_if_fail (self != NULL);

  cw_handshake_hang_up (self);
  g_free (self->protocol);
  g_free (self->cipher);
  g_ptr_array_unref (self->presented);
  g_clear_object (&self->culprit);
  g_ptr_array_unref (self->accepted);
  g_free (self);
}

gboolean
cw_handshake_attach (CwHandshake *self, SSL_CTX *context, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (context != NULL, FALSE);

  SSL_CTX_set_ex_data (context, get_index (), self);
  SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
  SSL_CTX_set_verify (context, self->settings.verify_chain ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
                      NULL);
  SSL_CTX_set_cert_verify_callback (context, verify_cb, self);
  SSL_CTX_set_cert_cb (context, asked_cb, self);
  /* libcurl's has it on; OpenSSL's own, and so most consumers', do not. */
  SSL_CTX_set_post_handshake_auth (context, 0);
  SSL_CTX_set_info_callback (context, info_cb);
  /* Each connection shows everything anew, and libcurl's own would come too late. */
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  SSL_CTX_sess_set_new_cb (context, NULL);
  SSL_CTX_set_msg_callback (context, message_cb);
  SSL_CTX_set_msg_callback_arg (context, self);
  return use_key_pair (self, context, error);
}

void
cw_handshake_set_socket (CwHandshake *self, int socket)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->socket < 0);

  self->socket = fcntl (socket, F_DUPFD_CLOEXEC, 0);
}

void
cw_handshake_hear_out (CwHandshake *self)
{
  g_return_if_fail (self != NULL);

  char rest[1024];
  if (self->ssl == NULL || self->alert_received != CW_NO_ALERT || self->socket < 0 ||
      SSL_set_fd (self->ssl, self->socket) != 1)
    return;
  for (guint i = 0; i < MAX_RECORDS && self->alert_received == CW_NO_ALERT; i++)
    if (SSL_read (self->ssl, rest, sizeof rest) <= 0)
      break;
  ERR_clear_error ();
}

void
cw_handshake_hang_up (CwHandshake *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->ssl, SSL_free);
  if (self->socket >= 0)
    close (self->socket);
  self->socket = -1;
}

gboolean
cw_handshake_saw_http (CwHandshake *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->heard && (memcmp (self->first, "HTTP/", 5) == 0 ||
                         g_ascii_strncasecmp ((const char *) self->first, "<html", 5) == 0 ||
                         g_ascii_strncasecmp ((const char *) self->first, "<!doc", 5) == 0);
}

gboolean
cw_handshake_saw_no_tls (CwHandshake *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->heard &&
         (self->first[0] < SSL3_RT_CHANGE_CIPHER_SPEC ||
          self->first[0] > SSL3_RT_APPLICATION_DATA || self->first[1] != SSL3_VERSION_MAJOR);
}
