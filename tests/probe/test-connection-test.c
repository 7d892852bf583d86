/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cw-connection-test-private.h"
#include "cw-connection-test.h"
#include "cw-dial.h"
#include "cw-handshake.h"
#include "cw-openssl.h"
#include "pki.h"

#define SHORT_LIMIT 300 /* ms, where nothing comes */

/* What the server on loopback does. */
typedef enum
{
  BEHAVIOUR_ANSWER, /* by HTTPS; it asks for a certificate, and insists where @insists */
  BEHAVIOUR_LATE,   /* the same, but it asks when it has seen the request */
  BEHAVIOUR_SILENT,
  BEHAVIOUR_PROXY, /* and then answers itself, whatever host was asked for */
  BEHAVIOUR_PROXY_AUTH,
  BEHAVIOUR_PROXY_DENIED,
} Behaviour;

typedef struct
{
  Pki pki;
  CwKey *server_key;
  CwCertificate *server;
  CwCertificate *self_signed;
  gboolean presents_self_signed;
  gboolean insists;
  Behaviour behaviour;
  GSocketService *service;
  guint16 port;
  int n_connections;
  int n_running; /* of them */

  CwChain *chain;
  CwSecret *key;
  char *root; /* PEM */
  CwConnectionTestInput input;
  GMainLoop *loop;
  CwConnectionResult *result;
  GError *error;
  guint n_progress;
  gboolean finished;
} Fixture;

static SSL_CTX *
make_context (Fixture *self)
{
  SSL_CTX *context = SSL_CTX_new (TLS_server_method ());
  CwCertificate *leaf = self->presents_self_signed ? self->self_signed : self->server;
  g_assert_cmpint (SSL_CTX_use_certificate (context, cw_certificate_peek_x509 (leaf)), ==, 1);
  g_assert_cmpint (SSL_CTX_use_PrivateKey (context, cw_key_peek_pkey (self->server_key)), ==, 1);
  if (!self->presents_self_signed)
    {
      SSL_CTX_add1_chain_cert (context, cw_certificate_peek_x509 (self->pki.middle));
      SSL_CTX_add1_chain_cert (context, cw_certificate_peek_x509 (self->pki.root));
    }
  X509_STORE_add_cert (SSL_CTX_get_cert_store (context), cw_certificate_peek_x509 (self->pki.root));
  SSL_CTX_add_client_CA (context, cw_certificate_peek_x509 (self->pki.root));
  SSL_CTX_add_client_CA (context, cw_certificate_peek_x509 (self->pki.middle));
  SSL_CTX_set_verify (
      context, SSL_VERIFY_PEER | (self->insists ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
  return context;
}

/* By TLS 1.3's post-handshake authentication. */
static gboolean
ask_late (SSL *ssl)
{
  char rest[1];
  SSL_set_verify (ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  if (SSL_verify_client_post_handshake (ssl) != 1 || SSL_do_handshake (ssl) != 1)
    return FALSE;
  SSL_clear_mode (ssl, SSL_MODE_AUTO_RETRY);
  SSL_read (ssl, rest, sizeof rest);
  return SSL_get0_peer_certificate (ssl) != NULL;
}

static void
answer (Fixture *self, int fd)
{
  static const char rest[] = "\r\nContent-Length: 3\r\nConnection: close\r\n\r\nhi\n";
  gboolean permitted = TRUE;
  char request[4096];
  g_autoptr (SSL_CTX) context = make_context (self);
  SSL *ssl = SSL_new (context);
  SSL_set_fd (ssl, fd);
  if (self->behaviour == BEHAVIOUR_LATE)
    SSL_set_verify (ssl, SSL_VERIFY_NONE, NULL);
  gboolean asked = SSL_accept (ssl) == 1 && SSL_read (ssl, request, sizeof request) > 0;
  if (asked && self->behaviour == BEHAVIOUR_LATE)
    permitted = ask_late (ssl);
  g_autofree char *page =
      g_strconcat (permitted ? "HTTP/1.1 200 OK" : "HTTP/1.1 403 Forbidden", rest, NULL);
  if (asked)
    SSL_write (ssl, page, (int) strlen (page));
  SSL_shutdown (ssl);
  SSL_free (ssl);
}

/* Reads the head of the CONNECT, a byte at a time: what follows is not for it. */
static void
answer_connect (int fd, const char *status)
{
  g_autoptr (GString) head = g_string_new (NULL);
  char byte;
  while (!g_str_has_suffix (head->str, "\r\n\r\n") && read (fd, &byte, 1) == 1)
    g_string_append_c (head, byte);
  g_autofree char *line = g_strdup_printf ("HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n", status);
  g_assert_cmpint (write (fd, line, strlen (line)), ==, (gssize) strlen (line));
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  Fixture *self = user_data;
  g_atomic_int_inc (&self->n_connections);
  g_atomic_int_inc (&self->n_running);
  return FALSE;
}

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection *connection,
        GObject *source,
        gpointer user_data)
{
  Fixture *self = user_data;
  int fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) & ~O_NONBLOCK);
  char byte;
  switch (self->behaviour)
    {
    case BEHAVIOUR_ANSWER:
    case BEHAVIOUR_LATE:
      answer (self, fd);
      break;
    case BEHAVIOUR_SILENT:
      while (read (fd, &byte, 1) == 1)
        ;
      break;
    case BEHAVIOUR_PROXY:
      answer_connect (fd, "200 Connected");
      answer (self, fd);
      break;
    case BEHAVIOUR_PROXY_AUTH:
      answer_connect (fd, "407 Who");
      break;
    case BEHAVIOUR_PROXY_DENIED:
    default:
      answer_connect (fd, "403 No");
      break;
    }
  g_atomic_int_dec_and_test (&self->n_running);
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *const extensions[] = { "subjectAltName", "DNS:localhost", "extendedKeyUsage",
                                            "serverAuth", NULL };
  g_autoptr (GError) error = NULL;
  pki_init (&self->pki);
  self->server_key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, &error);
  g_assert_no_error (error);
  self->server = pki_make (&(PkiSpec){ .name = "localhost",
                                       .key = self->server_key,
                                       .issuer = self->pki.middle,
                                       .issuer_key = self->pki.middle_key,
                                       .extensions = extensions });
  self->self_signed = pki_make (
      &(PkiSpec){ .name = "localhost", .key = self->server_key, .extensions = extensions });
  self->insists = TRUE;
  self->service = g_threaded_socket_service_new (8);
  self->port =
      g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);

  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  g_ptr_array_add (candidates, self->pki.middle);
  g_autofree char *address = g_strdup_printf ("https://localhost:%u/", self->port);
  self->chain = cw_chain_new (self->pki.leaf, candidates, NULL);
  self->key = cw_key_to_pem (self->pki.leaf_key, &error);
  self->root = cw_certificate_to_pem (self->pki.root);
  self->input = (CwConnectionTestInput){
    .key = self->key, .chain = self->chain, .server_cas = self->root, .verify_server = TRUE
  };
  self->input.endpoint = cw_endpoint_new (address, CW_SCHEME_HTTPS, &error);
  g_assert_no_error (error);
  self->loop = g_main_loop_new (NULL, FALSE);
  cw_connection_test_set_limit (CW_CONNECTION_TEST_LIMIT * 1000);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cw_dial_set_proxies (NULL);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  while (g_atomic_int_get (&self->n_running) > 0)
    g_usleep (1000);
  g_clear_object (&self->service);
  g_clear_object (&self->result);
  g_clear_error (&self->error);
  cw_endpoint_unref (self->input.endpoint);
  g_free (self->root);
  cw_secret_unref (self->key);
  g_object_unref (self->chain);
  g_object_unref (self->server);
  g_object_unref (self->self_signed);
  cw_key_unref (self->server_key);
  g_main_loop_unref (self->loop);
  pki_clear (&self->pki);
}

static void
progress_cb (const char *doing, gpointer user_data)
{
  Fixture *self = user_data;
  g_assert_false (self->finished);
  g_assert_nonnull (strstr (doing, "localhost"));
  self->n_progress++;
}

static void
tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;
  self->finished = TRUE;
  self->result = cw_connection_test_finish (result, &self->error);
  g_main_loop_quit (self->loop);
}

static void
run (Fixture *self, GCancellable *cancellable)
{
  g_clear_object (&self->result);
  g_clear_error (&self->error);
  self->finished = FALSE;
  self->n_progress = 0;
  g_socket_service_start (self->service);
  cw_connection_test_async (&self->input, progress_cb, self, cancellable, tested_cb, self);
  g_main_loop_run (self->loop);
  g_assert_true ((self->result == NULL) == (self->error != NULL));
}

static const char *
test (Fixture *self)
{
  run (self, NULL);
  g_assert_no_error (self->error);
  g_autofree char *text = cw_connection_result_to_text (self->result);
  g_test_message ("%s", text);
  return cw_finding_get_id (cw_connection_result_get_verdict (self->result));
}

static void
test_works (Fixture *self, gconstpointer data)
{
  g_assert_cmpstr (test (self), ==, "works");
  g_assert_cmpuint (self->n_progress, ==, 2);
  g_assert_cmpint (self->n_connections, ==, 2);
  g_assert_true (cw_connection_result_works (self->result));
  g_assert_nonnull (cw_connection_result_find (self->result, "server-verified"));
  g_assert_nonnull (cw_connection_result_find (self->result, "cas-ours"));
  g_assert_nonnull (cw_connection_result_find (self->result, "with-works"));
  g_assert_null (cw_connection_result_find (self->result, "proxy-used"));
  g_assert_null (cw_connection_result_find (self->result, "no-such-id"));
  g_assert_null (cw_connection_result_get_offered_ca (self->result));
  GPtrArray *presented = cw_connection_result_get_presented (self->result);
  g_assert_cmpuint (presented->len, ==, 3);
  g_assert_true (cw_certificate_equal (g_ptr_array_index (presented, 0), self->server));
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_assert_cmpint (g_date_time_compare (cw_connection_result_get_time (self->result), now), <=, 0);
}

static void
test_late (Fixture *self, gconstpointer data)
{
  g_assert_cmpstr (test (self), ==, "works");
  g_assert_null (cw_connection_result_find (self->result, "certificate-asked-late"));
  /* Most consumers do not know that way. */
  self->behaviour = BEHAVIOUR_LATE;
  g_assert_cmpstr (test (self), ==, "http-denied");
  g_assert_nonnull (cw_connection_result_find (self->result, "certificate-not-asked"));
}

/* In the report: everything that was found out, and nothing of the key. */
static void
test_text (Fixture *self, gconstpointer data)
{
  g_autofree char *address = g_strdup_printf ("https://localhost:%u/way?token=s3cret", self->port);
  cw_endpoint_unref (self->input.endpoint);
  self->input.endpoint = cw_endpoint_new (address, CW_SCHEME_HTTPS, NULL);
  test (self);
  g_autofree char *text = cw_connection_result_to_text (self->result);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->result)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (self->result), i);
      g_assert_nonnull (strstr (text, cw_finding_get_title (finding)));
    }
  g_assert_nonnull (strstr (text, cw_connection_result_get_address (self->result)));
  g_assert_nonnull (strstr (text, "/way?…"));
  g_assert_null (strstr (text, "s3cret"));
  g_assert_nonnull (strstr (text, "OpenSSL 3"));
  g_assert_null (strstr (text, "PRIVATE KEY"));
  g_auto (GStrv) lines = g_strsplit (cw_secret_peek (self->key), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strlen (lines[i]) > 20)
      g_assert_null (strstr (text, lines[i]));
}

static void
test_without (Fixture *self, gconstpointer data)
{
  self->insists = FALSE;
  g_assert_cmpstr (test (self), ==, "works-without");
  self->input.verify_server = FALSE;
  g_assert_cmpstr (test (self), ==, "server-unverified");
  g_assert_false (cw_connection_result_works (self->result));
  self->input.key = NULL;
  g_assert_cmpstr (test (self), ==, "no-certificate");
  g_assert_nonnull (strstr (
      cw_finding_get_meaning (cw_connection_result_get_verdict (self->result)), "not verified"));
  g_assert_false (cw_connection_result_works (self->result));
  g_assert_cmpuint (self->n_progress, ==, 1);
}

/* The choice that would do, and the CA that could be trusted. */
static void
test_choices (Fixture *self, gconstpointer data)
{
  self->input.server_cas = NULL;
  g_assert_cmpstr (test (self), ==, "server-ca-unknown");
  g_assert_cmpint (cw_connection_result_get_working_choice (self->result), ==, CW_TRUST_NONE);
  g_assert_true (
      cw_certificate_equal (cw_connection_result_get_offered_ca (self->result), self->pki.root));
  /* The certificate is not for a server that is not verified. */
  g_assert_cmpint (self->n_connections, ==, 1);

  self->input.file_cas = self->root;
  g_assert_cmpstr (test (self), ==, "server-other-choice");
  g_assert_cmpint (cw_connection_result_get_working_choice (self->result), ==, CW_TRUST_FILE);
  self->input.reply_cas = self->root;
  g_assert_cmpstr (test (self), ==, "server-other-choice");
  g_assert_cmpint (cw_connection_result_get_working_choice (self->result), ==, CW_TRUST_REPLY);

  self->presents_self_signed = TRUE;
  g_assert_cmpstr (test (self), ==, "server-self-signed");
  g_assert_true (
      cw_certificate_equal (cw_connection_result_get_offered_ca (self->result), self->self_signed));
}

/* The server is not to blame for what was chosen. */
static void
test_expired_choice (Fixture *self, gconstpointer data)
{
  g_autoptr (CwCertificate) old = pki_make (&(PkiSpec){ .name = "Test Root",
                                                        .key = self->pki.root_key,
                                                        .starts = -20,
                                                        .ends = -10,
                                                        .extensions = pki_ca_extensions });
  g_autofree char *pem = cw_certificate_to_pem (old);
  self->input.server_cas = pem;
  g_assert_cmpstr (test (self), ==, "server-ca-expired");
  g_assert_nonnull (
      strstr (cw_finding_get_meaning (cw_connection_result_get_verdict (self->result)),
              "“Test Root” was valid until"));
  self->input.file_cas = self->root;
  g_assert_cmpstr (test (self), ==, "server-other-choice");
  g_autofree char *both = g_strconcat (pem, self->root, NULL);
  self->input.server_cas = both;
  g_assert_cmpstr (test (self), ==, "works");
}

static void
test_input (Fixture *self, gconstpointer data)
{
  g_autoptr (CwSecret) other = cw_key_to_pem (self->pki.root_key, NULL);
  g_autoptr (CwSecret) broken = cw_secret_new ("no key", -1);
  self->input.key = other;
  g_assert_cmpstr (test (self), ==, "key-mismatch");
  self->input.key = broken;
  g_assert_cmpstr (test (self), ==, "key-unusable");
  self->input.key = self->key;
  self->input.server_cas = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  g_assert_cmpstr (test (self), ==, "cas-unreadable");
}

static void
test_silent (Fixture *self, gconstpointer data)
{
  self->behaviour = BEHAVIOUR_SILENT;
  cw_connection_test_set_limit (SHORT_LIMIT);
  g_assert_cmpstr (test (self), ==, "tls-timeout");
}

static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  static const char *const schemes[] = { "https", "wss", "mqtts" };
  self->behaviour = BEHAVIOUR_SILENT;
  /* Whatever waits for the limit waits for longer than the test may take. */
  cw_connection_test_set_limit (600 * 1000);
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autofree char *address = g_strdup_printf ("%s://localhost:%u", schemes[i], self->port);
      cw_endpoint_unref (self->input.endpoint);
      self->input.endpoint = cw_endpoint_new (address, CW_SCHEME_HTTPS, NULL);
      /* libcurl wakes up by itself at the beginning. */
      g_timeout_add (400, cancel_cb, cancellable);
      run (self, cancellable);
      g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      /* Already cancelled, it does not even connect. */
      int n = g_atomic_int_get (&self->n_connections);
      run (self, cancellable);
      g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (g_atomic_int_get (&self->n_connections), ==, n);
    }
}

/* A resolver of settings that name several. */
typedef GObject Ways;
typedef GObjectClass WaysClass;

static void ways_iface_init (GProxyResolverInterface *iface);
static GType ways_get_type (void);
G_DEFINE_TYPE_WITH_CODE (Ways,
                         ways,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, ways_iface_init))

static void
ways_lookup_async (GProxyResolver *self,
                   const gchar *uri,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  static const char *const ways[] = { "http://localhost:1", "direct://", NULL };
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_return_pointer (task, g_strdupv ((char **) ways), (GDestroyNotify) g_strfreev);
}

static gchar **
ways_lookup_finish (GProxyResolver *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ways_iface_init (GProxyResolverInterface *iface)
{
  iface->lookup_async = ways_lookup_async;
  iface->lookup_finish = ways_lookup_finish;
}

static void
ways_class_init (WaysClass *klass)
{
}

static void
ways_init (Ways *self)
{
}

/* Where the first does not lead there, the next is tried. */
static void
test_proxies (Fixture *self, gconstpointer data)
{
  g_autoptr (GObject) ways = g_object_new (ways_get_type (), NULL);
  cw_dial_set_proxies (G_PROXY_RESOLVER (ways));
  g_assert_cmpstr (test (self), ==, "works");
  g_assert_null (cw_connection_result_find (self->result, "proxy-used"));
}

static void
test_proxy (Fixture *self, gconstpointer data)
{
  static const struct
  {
    Behaviour behaviour;
    const char *verdict;
  } proxies[] = {
    { BEHAVIOUR_PROXY, "works" },
    { BEHAVIOUR_PROXY_AUTH, "proxy-auth" },
    { BEHAVIOUR_PROXY_DENIED, "proxy-denied" },
    { BEHAVIOUR_SILENT, "proxy-failed" },
  };
  g_autofree char *proxy = g_strdup_printf ("http://joe:secret@localhost:%u", self->port);
  g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (proxy, NULL);
  cw_dial_set_proxies (resolver);
  /* Only the proxy can know the way to it. */
  cw_endpoint_unref (self->input.endpoint);
  self->input.endpoint = cw_endpoint_new ("https://localhost:1", CW_SCHEME_HTTPS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (proxies); i++)
    {
      self->behaviour = proxies[i].behaviour;
      if (self->behaviour == BEHAVIOUR_SILENT)
        cw_connection_test_set_limit (SHORT_LIMIT);
      g_assert_cmpstr (test (self), ==, proxies[i].verdict);
      g_assert_nonnull (cw_connection_result_find (self->result, "proxy-used"));
      g_autofree char *text = cw_connection_result_to_text (self->result);
      g_assert_null (strstr (text, "secret"));
    }
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;
  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

/* A host with two addresses, of which one refuses or loses the race, leaves nothing open. */
static void
test_descriptors (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) here = NULL;
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &here, &error);
  g_assert_no_error (error);
  g_autofree char *address = g_strdup_printf (
      "https://localhost:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (here)));
  cw_endpoint_unref (self->input.endpoint);
  self->input.endpoint = cw_endpoint_new (address, CW_SCHEME_HTTPS, NULL);
  guint before = 0;
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpstr (test (self), ==, "works");
      /* The server closes its side when it gets to it. */
      for (guint j = 0; i > 0 && j < 5000 && count_descriptors () > before; j++)
        g_usleep (1000);
      /* Libraries that were loaded keep theirs. */
      g_assert_true (i == 0 || count_descriptors () <= before);
      before = count_descriptors ();
    }
}

static void
test_freed (Fixture *self, gconstpointer data)
{
  test (self);
  g_object_add_weak_pointer (G_OBJECT (self->result), (gpointer *) &self->result);
  g_object_unref (self->result);
  g_assert_null (self->result);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/connection-test/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("works", test_works);
  ADD ("late", test_late);
  ADD ("text", test_text);
  ADD ("without", test_without);
  ADD ("choices", test_choices);
  ADD ("expired-choice", test_expired_choice);
  ADD ("input", test_input);
  ADD ("silent", test_silent);
  ADD ("cancelled", test_cancelled);
  ADD ("proxy", test_proxy);
  ADD ("proxies", test_proxies);
  ADD ("descriptors", test_descriptors);
  ADD ("freed", test_freed);
  return g_test_run ();
}
