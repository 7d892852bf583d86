/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "cw-curl.h"
#include "cw-http.h"

#define MAX_HEADER_SIZE (64 * 1024)
#define MAX_PAGE_SIZE   (16 * 1024)

#define STATUS_SWITCHING_PROTOCOLS 101
#define FINAL_STATUS               200
#define FIRST_ERROR                400
#define WEBSOCKET_GUID             "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" /* RFC 6455, 1.3 */

typedef struct
{
  const CwCurl *lib;
  CURL *curl;
  CwHandshake *handshake;
  int fd;
  CwAnswer *answer;
  gsize header_size;
  gboolean answered; /* the header has come to its end */
  gboolean enough;   /* what is needed has come */
  gboolean endless;  /* and goes on */
  char *websocket_key;
  gboolean upgrade, websocket, accepted; /* of the headers that RFC 6455 wants */
  struct curl_slist *headers;
  struct curl_slist *connect_to;
  char words[CURL_ERROR_SIZE];
} Exchange;

static curl_socket_t
open_socket_cb (void *user_data, curlsocktype purpose, struct curl_sockaddr *address)
{
  return ((Exchange *) user_data)->fd;
}

static int
connected_cb (void *user_data, curl_socket_t fd, curlsocktype purpose)
{
  return CURL_SOCKOPT_ALREADY_CONNECTED;
}

/* The connection's owner closes it. */
static int
close_socket_cb (void *user_data, curl_socket_t fd)
{
  return 0;
}

static CURLcode
context_cb (CURL *curl, void *context, void *user_data)
{
  Exchange *self = user_data;
  if (cw_handshake_attach (self->handshake, context, &self->answer->error))
    return CURLE_OK;
  self->answer->outcome = CW_OUTCOME_NOT_USED;
  return CURLE_SSL_CERTPROBLEM;
}

/* What RFC 6455, 4.2.2, has the server make of our key. */
static char *
get_websocket_accept (const char *key)
{
  g_autofree char *text = g_strconcat (key, WEBSOCKET_GUID, NULL);
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest (text, strlen (text), digest, &size, EVP_sha1 (), NULL);
  return g_base64_encode (digest, size);
}

static void
read_header (Exchange *self, const char *line)
{
  g_auto (GStrv) parts = g_strsplit (line, ":", 2);
  if (self->websocket_key == NULL || g_strv_length (parts) != 2)
    return;
  g_autofree char *wanted = get_websocket_accept (self->websocket_key);
  const char *name = g_strstrip (parts[0]), *value = g_strstrip (parts[1]);
  g_autofree char *lower = g_ascii_strdown (value, -1);
  if (g_ascii_strcasecmp (name, "Upgrade") == 0)
    self->websocket = strstr (lower, "websocket") != NULL;
  else if (g_ascii_strcasecmp (name, "Connection") == 0)
    self->upgrade = strstr (lower, "upgrade") != NULL;
  else if (g_ascii_strcasecmp (name, "Sec-WebSocket-Accept") == 0)
    self->accepted = g_str_equal (value, wanted);
}

static size_t
header_cb (char *data, size_t size, size_t n, void *user_data)
{
  Exchange *self = user_data;
  g_autofree char *line = g_strndup (data, size * n);
  self->header_size += size * n;
  self->endless = self->header_size > MAX_HEADER_SIZE;
  self->lib->easy_getinfo (self->curl, CURLINFO_RESPONSE_CODE, &self->answer->code);
  read_header (self, g_strchomp (line));
  long code = self->answer->code;
  self->answered |= *line == '\0' && (code == STATUS_SWITCHING_PROTOCOLS || code >= FINAL_STATUS);
  /* After this the server may say nothing for ever. Only pages on errors are looked at. */
  self->enough = self->answered && code < FIRST_ERROR;
  return self->endless || self->enough ? 0 : size * n;
}

static size_t
page_cb (char *data, size_t size, size_t n, void *user_data)
{
  Exchange *self = user_data;
  gsize room = MAX_PAGE_SIZE - self->answer->page->len;
  g_string_append_len (self->answer->page, data, (gssize) MIN (size * n, room));
  self->enough = size * n >= room;
  return self->enough ? 0 : size * n;
}

static void
ask_for_upgrade (Exchange *self)
{
  guint8 nonce[16];
  RAND_bytes (nonce, sizeof nonce);
  self->websocket_key = g_base64_encode (nonce, sizeof nonce);
  g_autofree char *key = g_strdup_printf ("Sec-WebSocket-Key: %s", self->websocket_key);
  const char *const lines[] = { "Connection: Upgrade", "Upgrade: websocket",
                                "Sec-WebSocket-Version: 13", key };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    self->headers = self->lib->slist_append (self->headers, lines[i]);
}

static void
set_request (Exchange *self)
{
  CwEndpoint *endpoint = self->handshake->settings.endpoint;
  const char *host = cw_endpoint_get_host (endpoint);
  g_autofree char *url =
      g_strdup_printf (strchr (host, ':') != NULL ? "https://[%s]:%u%s" : "https://%s:%u%s", host,
                       cw_endpoint_get_port (endpoint), cw_endpoint_get_path (endpoint));
  if (cw_endpoint_get_scheme (endpoint) == CW_SCHEME_WSS)
    ask_for_upgrade (self);
  self->lib->easy_setopt (self->curl, CURLOPT_URL, url);
  self->lib->easy_setopt (self->curl, CURLOPT_PROTOCOLS_STR, "https");
  self->lib->easy_setopt (self->curl, CURLOPT_PATH_AS_IS, 1L);
  self->lib->easy_setopt (self->curl, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
  self->lib->easy_setopt (self->curl, CURLOPT_USERAGENT, "Certwright/" PACKAGE_VERSION);
  self->lib->easy_setopt (self->curl, CURLOPT_HTTPHEADER, self->headers);
  self->lib->easy_setopt (self->curl, CURLOPT_HEADERFUNCTION, header_cb);
  self->lib->easy_setopt (self->curl, CURLOPT_HEADERDATA, self);
  self->lib->easy_setopt (self->curl, CURLOPT_WRITEFUNCTION, page_cb);
  self->lib->easy_setopt (self->curl, CURLOPT_WRITEDATA, self);
  self->lib->easy_setopt (self->curl, CURLOPT_ERRORBUFFER, self->words);
  self->lib->easy_setopt (self->curl, CURLOPT_NOSIGNAL, 1L);
}

/* On the connection that there is: no name is resolved, no proxy asked. */
static void
set_connection (Exchange *self)
{
  self->connect_to = self->lib->slist_append (NULL, "::127.0.0.1:");
  self->lib->easy_setopt (self->curl, CURLOPT_CONNECT_TO, self->connect_to);
  self->lib->easy_setopt (self->curl, CURLOPT_PROXY, "");
  self->lib->easy_setopt (self->curl, CURLOPT_OPENSOCKETFUNCTION, open_socket_cb);
  self->lib->easy_setopt (self->curl, CURLOPT_OPENSOCKETDATA, self);
  self->lib->easy_setopt (self->curl, CURLOPT_SOCKOPTFUNCTION, connected_cb);
  self->lib->easy_setopt (self->curl, CURLOPT_CLOSESOCKETFUNCTION, close_socket_cb);
}

/* Whom to trust is the handshake's business, which is asked last. */
static gboolean
set_tls (Exchange *self)
{
  self->lib->easy_setopt (self->curl, CURLOPT_SSL_VERIFYPEER, 0L);
  self->lib->easy_setopt (self->curl, CURLOPT_SSL_VERIFYHOST, 0L);
  self->lib->easy_setopt (self->curl, CURLOPT_CAINFO, NULL);
  self->lib->easy_setopt (self->curl, CURLOPT_CAPATH, NULL);
  self->lib->easy_setopt (self->curl, CURLOPT_SSL_CTX_DATA, self);
  return self->lib->easy_setopt (self->curl, CURLOPT_SSL_CTX_FUNCTION, context_cb) == CURLE_OK;
}

static CwOutcome
judge (Exchange *self, CURLcode code)
{
  if (self->answer->outcome == CW_OUTCOME_NOT_USED)
    return CW_OUTCOME_NOT_USED;
  if (self->endless)
    return CW_OUTCOME_ENDLESS;
  switch (code)
    {
    case CURLE_OK:
      return CW_OUTCOME_ANSWERED;
    /* A single line without an end: 100 is CURLE_TOO_LARGE of newer versions. */
    case CURLE_OUT_OF_MEMORY:
    case 100:
      return CW_OUTCOME_ENDLESS;
    case CURLE_WRITE_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
      return self->answered ? CW_OUTCOME_ANSWERED : CW_OUTCOME_CLOSED;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_SSL_CONNECT_ERROR:
      return CW_OUTCOME_CLOSED;
    default:
      return CW_OUTCOME_GARBAGE;
    }
}

static gint64
get_deadline (Exchange *self, gint64 start, guint limit)
{
  return (self->handshake->done ? self->handshake->done_at : start) + limit * (gint64) 1000;
}

/* CURLE_OPERATION_TIMEDOUT or CURLE_ABORTED_BY_CALLBACK if it did not come to an end. */
static CURLcode
run (Exchange *self, CURLM *multi, guint limit, GCancellable *cancellable)
{
  gint64 start = g_get_monotonic_time ();
  GPollFD cancel = { .fd = -1 };
  gboolean pollable = g_cancellable_make_pollfd (cancellable, &cancel);
  struct curl_waitfd extra = { .fd = cancel.fd, .events = CURL_WAIT_POLLIN };
  CURLcode code = CURLE_OPERATION_TIMEDOUT;
  int n_running = 1;
  while (n_running > 0)
    {
      self->lib->multi_perform (multi, &n_running);
      gint64 left = (get_deadline (self, start, limit) - g_get_monotonic_time ()) / 1000;
      if (n_running == 0 || left <= 0 || g_cancellable_is_cancelled (cancellable))
        break;
      self->lib->multi_poll (multi, &extra, pollable ? 1 : 0, (int) left + 1, NULL);
    }
  if (pollable)
    g_cancellable_release_fd (cancellable);
  if (g_cancellable_is_cancelled (cancellable))
    return CURLE_ABORTED_BY_CALLBACK;
  int n_left;
  CURLMsg *message = self->lib->multi_info_read (multi, &n_left);
  if (message != NULL && message->msg == CURLMSG_DONE)
    code = message->data.result;
  return code;
}

static void
note_end (Exchange *self, CURLcode code)
{
  CwAnswer *answer = self->answer;
  if (code == CURLE_ABORTED_BY_CALLBACK)
    answer->outcome = CW_OUTCOME_CANCELLED;
  else if (code == CURLE_OPERATION_TIMEDOUT)
    /* Without its page it is an answer. */
    answer->outcome = self->answered ? CW_OUTCOME_ANSWERED : CW_OUTCOME_TIMED_OUT;
  else
    answer->outcome = judge (self, code);
  answer->upgrade_fits = self->upgrade && self->websocket && self->accepted;
  if (answer->outcome != CW_OUTCOME_ANSWERED && answer->error == NULL && *self->words != '\0')
    g_set_error_literal (&answer->error, G_IO_ERROR, G_IO_ERROR_FAILED, self->words);
}

static void
talk (Exchange *self, guint limit, GCancellable *cancellable)
{
  CURLM *multi = self->lib->multi_init ();
  self->curl = self->lib->easy_init ();
  if (multi == NULL || self->curl == NULL)
    g_error ("Out of memory");
  set_request (self);
  set_connection (self);
  if (set_tls (self))
    {
      self->lib->multi_add_handle (multi, self->curl);
      note_end (self, run (self, multi, limit, cancellable));
      self->lib->multi_remove_handle (multi, self->curl);
    }
  else
    {
      self->answer->outcome = CW_OUTCOME_NO_LIBRARY;
      g_set_error (&self->answer->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _ ("The library libcurl is one without OpenSSL, which the test needs."));
    }
  self->lib->easy_cleanup (self->curl);
  self->lib->multi_cleanup (multi);
  if (self->answer->outcome == CW_OUTCOME_CLOSED)
    cw_handshake_hear_out (self->handshake);
  self->lib->slist_free_all (self->headers);
  self->lib->slist_free_all (self->connect_to);
  g_free (self->websocket_key);
}

CwAnswer *
cw_http_ask (GSocketConnection *connection,
             CwHandshake *handshake,
             guint limit,
             GCancellable *cancellable)
{
  g_return_val_if_fail (G_IS_SOCKET_CONNECTION (connection), NULL);
  g_return_val_if_fail (handshake != NULL, NULL);

  g_autoptr (CwAnswer) answer = g_new0 (CwAnswer, 1);
  answer->page = g_string_new (NULL);
  const CwCurl *lib = cw_curl_get (&answer->error);
  if (lib == NULL)
    {
      answer->outcome = CW_OUTCOME_NO_LIBRARY;
      return g_steal_pointer (&answer);
    }
  Exchange exchange = { .lib = lib,
                        .handshake = handshake,
                        .fd = g_socket_get_fd (g_socket_connection_get_socket (connection)),
                        .answer = answer };
  cw_handshake_set_socket (handshake, exchange.fd);
  talk (&exchange, limit, cancellable);
  return g_steal_pointer (&answer);
}
