/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-error.h"
#include "cw-fetch.h"
#include "pki.h"

/* A server on loopback that answers each path in a way of its own. */
typedef struct
{
  Pki pki;
  GSocketService *service;
  guint16 port;
  guint n_asked;
  char *middle; /* PEM */
  GMainLoop *loop;
  CwCertificate *issuer;
  char *address;
  GError *error;
} Fixture;

static void
answer (
    GOutputStream *output, const char *status, const char *header, gconstpointer data, gsize size)
{
  g_autofree char *head =
      g_strdup_printf ("HTTP/1.1 %s\r\nConnection: close\r\n%s\r\n", status, header);
  g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
  g_output_stream_write_all (output, data, size, NULL, NULL, NULL);
}

static void
answer_endlessly (GOutputStream *output)
{
  static const char block[4096] = { 0 };
  answer (output, "200 OK", "", block, sizeof block);
  while (g_output_stream_write_all (output, block, sizeof block, NULL, NULL, NULL))
    ;
}

static void
answer_path (Fixture *self, const char *path, GOutputStream *output)
{
  gsize size;
  gconstpointer der = g_bytes_get_data (cw_certificate_get_der (self->pki.middle), &size);
  g_autofree char *root = cw_certificate_to_pem (self->pki.root);
  g_autofree char *back = g_strdup_printf ("Location: http://127.0.0.1:%u/der\r\n", self->port);
  if (g_str_equal (path, "/der"))
    answer (output, "200 OK", "", der, size);
  else if (g_str_equal (path, "/pem"))
    answer (output, "200 OK", "", self->middle, strlen (self->middle));
  else if (g_str_equal (path, "/other"))
    answer (output, "200 OK", "", root, strlen (root));
  else if (g_str_equal (path, "/page"))
    answer (output, "200 OK", "", "<html>", 6);
  else if (g_str_equal (path, "/moved"))
    answer (output, "302 Found", back, "", 0);
  else if (g_str_equal (path, "/local"))
    answer (output, "302 Found", "Location: file:///etc/hostname\r\n", "", 0);
  else if (g_str_equal (path, "/circle"))
    answer (output, "302 Found", "Location: /circle\r\n", "", 0);
  else if (g_str_equal (path, "/endless"))
    answer_endlessly (output);
  else if (g_str_equal (path, "/silent"))
    g_usleep ((CW_FETCH_TIMEOUT + 2) * G_USEC_PER_SEC);
  else
    answer (output, "404 Not Found", "", "", 0);
}

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection *connection,
        GObject *source,
        gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GDataInputStream) input =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, NULL);
  g_atomic_int_inc (&self->n_asked);
  for (;;)
    {
      g_autofree char *header = g_data_input_stream_read_line (input, NULL, NULL, NULL);
      if (header == NULL || *header == '\0')
        break;
    }
  g_auto (GStrv) words = g_strsplit (line != NULL ? line : "", " ", 3);
  if (g_strv_length (words) == 3)
    answer_path (self, words[1], g_io_stream_get_output_stream (G_IO_STREAM (connection)));
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  pki_init (&self->pki);
  self->middle = cw_certificate_to_pem (self->pki.middle);
  self->loop = g_main_loop_new (NULL, FALSE);
  self->service = g_threaded_socket_service_new (4);
  self->port =
      g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  g_socket_service_start (self->service);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  g_clear_object (&self->issuer);
  g_clear_error (&self->error);
  g_free (self->address);
  g_free (self->middle);
  g_main_loop_unref (self->loop);
  pki_clear (&self->pki);
}

/* A leaf of the intermediate that names these addresses, in openssl's words. */
static CwCertificate *
leaf_with (Fixture *self, const char *access)
{
  g_auto (GStrv) parts = g_strsplit (access, "PORT", -1);
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  g_autofree char *value = g_strjoinv (port, parts);
  const char *const extensions[] = { "authorityInfoAccess", value, NULL };
  return pki_make (&(PkiSpec){ .name = "steve@example.com",
                               .issuer = self->pki.middle,
                               .issuer_key = self->pki.middle_key,
                               .extensions = extensions });
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;
  g_clear_object (&self->issuer);
  g_clear_error (&self->error);
  g_clear_pointer (&self->address, g_free);
  self->issuer = cw_fetch_issuer_finish (result, &self->address, &self->error);
  g_main_loop_quit (self->loop);
}

static void
fetch (Fixture *self, const char *access, GCancellable *cancellable)
{
  g_autoptr (CwCertificate) leaf = leaf_with (self, access);
  cw_fetch_issuer_async (leaf, cancellable, fetched_cb, self);
  g_main_loop_run (self->loop);
  g_assert_true ((self->issuer == NULL) == (self->error != NULL));
  g_assert_true ((self->issuer == NULL) == (self->address == NULL));
  if (self->error != NULL)
    g_test_message ("%s", self->error->message);
}

static void
test_found (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *access;
    const char *path;
  } found[] = {
    { "caIssuers;URI:http://127.0.0.1:PORT/der", "/der" },
    { "caIssuers;URI:http://127.0.0.1:PORT/pem", "/pem" },
    { "caIssuers;URI:http://127.0.0.1:PORT/moved", "/moved" },
    /* One that does not help does not keep the next back; others are not for certificates. */
    { "OCSP;URI:http://127.0.0.1:PORT/ocsp,caIssuers;URI:ldap://127.0.0.1/cn=CA,"
      "caIssuers;URI:http://127.0.0.1:PORT/none,caIssuers;URI:http://127.0.0.1:PORT/other,"
      "caIssuers;URI:http://127.0.0.1:PORT/der",
      "/der" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    {
      fetch (self, found[i].access, NULL);
      g_assert_no_error (self->error);
      g_assert_true (cw_certificate_equal (self->issuer, self->pki.middle));
      g_assert_true (g_str_has_suffix (self->address, found[i].path));
    }
  /* Never the address for OCSP. */
  g_assert_cmpuint (self->n_asked, ==, 1 + 1 + 2 + 3);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *access;
    gboolean io; /* of the domain */
    int code;
  } refused[] = {
    { "caIssuers;URI:http://127.0.0.1:PORT/other", FALSE, CW_ERROR_MISMATCH },
    { "caIssuers;URI:http://127.0.0.1:PORT/page", FALSE, CW_ERROR_MISMATCH },
    { "caIssuers;URI:http://127.0.0.1:PORT/none", TRUE, G_IO_ERROR_NOT_FOUND },
    { "caIssuers;URI:http://127.0.0.1:PORT/local", TRUE, G_IO_ERROR_FAILED },
    { "caIssuers;URI:http://127.0.0.1:PORT/circle", TRUE, G_IO_ERROR_FAILED },
    { "caIssuers;URI:http://127.0.0.1:PORT/endless", FALSE, CW_ERROR_TOO_LARGE },
    { "caIssuers;URI:http://127.0.0.1:1/closed", TRUE, G_IO_ERROR_HOST_UNREACHABLE },
    { "caIssuers;URI:http://no-such-host.invalid/", TRUE, G_IO_ERROR_HOST_UNREACHABLE },
    { "OCSP;URI:http://127.0.0.1:PORT/der", FALSE, CW_ERROR_EMPTY },
    { "caIssuers;URI:file:///etc/hostname", FALSE, CW_ERROR_EMPTY },
  };
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_test_message ("%s", refused[i].access);
      fetch (self, refused[i].access, NULL);
      GQuark domain = refused[i].io ? G_IO_ERROR : CW_ERROR;
      g_assert_error (self->error, domain, refused[i].code);
    }
}

static void
test_silent (Fixture *self, gconstpointer data)
{
  fetch (self, "caIssuers;URI:http://127.0.0.1:PORT/silent", NULL);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
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
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_timeout_add (100, cancel_cb, cancellable);
  fetch (self, "caIssuers;URI:http://127.0.0.1:PORT/silent", cancellable);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("http_proxy");
  g_unsetenv ("https_proxy");
#define ADD(path, function) g_test_add ("/fetch/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("found", test_found);
  ADD ("refused", test_refused);
  ADD ("silent", test_silent);
  ADD ("cancelled", test_cancelled);
  return g_test_run ();
}
