/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-curl.h"
#include "cw-error.h"
#include "cw-fetch.h"
#include "cw-reply.h"
#include "cw-text.h"

#define MAX_REDIRECTS 3
#define MAX_ADDRESSES 4 /* of one certificate: more are not there to be helpful */
#define KIBIBYTE      1024

typedef struct
{
  GByteArray *bytes;
  GCancellable *cancellable;
} Transfer;

typedef struct
{
  CwCertificate *certificate;
  char *address; /* that it came from */
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;
  g_object_unref (fetch->certificate);
  g_free (fetch->address);
  g_free (fetch);
}

/* More than is permitted ends the transfer (CURLE_WRITE_ERROR). */
static size_t
write_cb (char *data, size_t size, size_t n, void *user_data)
{
  Transfer *transfer = user_data;
  if (transfer->bytes->len + size * n > CW_FETCH_MAX_SIZE)
    return 0;
  g_byte_array_append (transfer->bytes, (const guint8 *) data, (guint) (size * n));
  return size * n;
}

static int
progress_cb (
    void *user_data, curl_off_t total, curl_off_t now, curl_off_t sent_total, curl_off_t sent)
{
  Transfer *transfer = user_data;
  return g_cancellable_is_cancelled (transfer->cancellable);
}

static CURL *
prepare (const CwCurl *lib, const char *address, gint64 deadline, Transfer *transfer)
{
  /* 0 would be for ever. */
  long left = (long) MAX ((deadline - g_get_monotonic_time ()) / 1000, 1);
  CURL *curl = lib->easy_init ();
  if (curl == NULL)
    g_error ("Out of memory");
  lib->easy_setopt (curl, CURLOPT_URL, address);
  lib->easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  lib->easy_setopt (curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  lib->easy_setopt (curl, CURLOPT_FOLLOWLOCATION, 1L);
  lib->easy_setopt (curl, CURLOPT_MAXREDIRS, (long) MAX_REDIRECTS);
  lib->easy_setopt (curl, CURLOPT_FAILONERROR, 1L);
  lib->easy_setopt (curl, CURLOPT_TIMEOUT_MS, left);
  lib->easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  lib->easy_setopt (curl, CURLOPT_WRITEFUNCTION, write_cb);
  lib->easy_setopt (curl, CURLOPT_WRITEDATA, transfer);
  lib->easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  lib->easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, progress_cb);
  lib->easy_setopt (curl, CURLOPT_XFERINFODATA, transfer);
  return curl;
}

static void
set_error (GError **error, CURLcode code, long status, const char *words, const char *address)
{
  switch (code)
    {
    case CURLE_OPERATION_TIMEDOUT:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                   ngettext ("%s did not answer within %d second. Try again later, or ask the "
                             "CA for its chain.",
                             "%s did not answer within %d seconds. Try again later, or ask the "
                             "CA for its chain.",
                             CW_FETCH_TIMEOUT),
                   address, CW_FETCH_TIMEOUT);
      break;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE,
          /* Translators: an address, and the library's own reason */
          _ ("%s cannot be reached: %s. Look at the network, or ask the CA for its chain."),
          address, words);
      break;
    case CURLE_HTTP_RETURNED_ERROR:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("%s did not give it (HTTP status %ld). Ask the CA for its chain."), address,
                   status);
      break;
    case CURLE_WRITE_ERROR:
      g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE,
                   _ ("%s gives more than %d KiB, so it is not a certificate. Ask the CA for its "
                      "chain."),
                   address, CW_FETCH_MAX_SIZE / KIBIBYTE);
      break;
    default:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   _ ("Fetching from %s failed: %s. Try again later, or ask the CA for its chain."),
                   address, words);
      break;
    }
}

static GBytes *
download (const char *address, gint64 deadline, GCancellable *cancellable, GError **error)
{
  const CwCurl *lib = cw_curl_get (NULL);
  if (lib == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _ ("Nothing can be fetched, since the library %s is not installed. Install it, "
                      "or ask the CA for its chain."),
                   CW_CURL_SONAME);
      return NULL;
    }

  long status = 0;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Transfer transfer = { .bytes = bytes, .cancellable = cancellable };
  CURL *curl = prepare (lib, address, deadline, &transfer);
  CURLcode code = lib->easy_perform (curl);
  lib->easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  lib->easy_cleanup (curl);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (code != CURLE_OK)
    {
      g_autofree char *shown = cw_text_clean (address);
      set_error (error, code, status, lib->easy_strerror (code), shown);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* The certificate in @bytes that signed @certificate. */
static CwCertificate *
find_issuer (GBytes *bytes, CwCertificate *certificate, const char *address, GError **error)
{
  g_autoptr (CwReply) reply = cw_reply_new ();
  cw_reply_add_bytes (reply, bytes, address);
  g_autoptr (GPtrArray) found = cw_reply_get_certificates (reply);
  for (guint i = 0; i < found->len; i++)
    if (cw_certificate_is_issued_by (certificate, g_ptr_array_index (found, i)))
      return g_object_ref (g_ptr_array_index (found, i));

  g_autofree char *shown = cw_text_clean (address);
  g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
               _ ("What is at %s did not sign “%s”, so it was not used. Ask the CA for its chain."),
               shown, cw_certificate_get_title (certificate));
  return NULL;
}

static void
fetch_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Fetch *fetch = task_data;
  const char *const *addresses = cw_certificate_get_issuer_urls (fetch->certificate);
  gint64 deadline = g_get_monotonic_time () + CW_FETCH_TIMEOUT * G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;
  for (guint i = 0; addresses[i] != NULL && i < MAX_ADDRESSES; i++)
    {
      g_clear_error (&error);
      g_autoptr (GBytes) bytes = download (addresses[i], deadline, cancellable, &error);
      CwCertificate *issuer =
          bytes != NULL ? find_issuer (bytes, fetch->certificate, addresses[i], &error) : NULL;
      if (issuer != NULL)
        {
          fetch->address = g_strdup (addresses[i]);
          g_task_return_pointer (task, issuer, g_object_unref);
          return;
        }
      if (g_cancellable_is_cancelled (cancellable))
        break;
    }
  if (error == NULL)
    g_set_error (&error, CW_ERROR, CW_ERROR_EMPTY,
                 _ ("“%s” does not say where its issuer’s certificate can be fetched. Ask the CA "
                    "for its chain."),
                 cw_certificate_get_title (fetch->certificate));
  g_task_return_error (task, g_steal_pointer (&error));
}

char *
cw_fetch_get_addresses (CwCertificate *certificate)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (certificate), NULL);

  const char *const *addresses = cw_certificate_get_issuer_urls (certificate);
  GString *lines = g_string_new (NULL);
  for (guint i = 0; addresses[i] != NULL && i < MAX_ADDRESSES; i++)
    {
      g_autofree char *shown = cw_text_clean (addresses[i]);
      g_string_append_printf (lines, "%s%s", i > 0 ? "\n" : "", shown);
    }
  return g_string_free (lines, FALSE);
}

void
cw_fetch_issuer_async (CwCertificate *certificate,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_return_if_fail (CW_IS_CERTIFICATE (certificate));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  Fetch *fetch = g_new0 (Fetch, 1);
  fetch->certificate = g_object_ref (certificate);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, cw_fetch_issuer_async);
  g_task_set_task_data (task, fetch, fetch_free);
  /* Resolving a name cannot be interrupted: nobody should wait for it. */
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, fetch_thread);
}

CwCertificate *
cw_fetch_issuer_finish (GAsyncResult *result, char **address, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  CwCertificate *issuer = g_task_propagate_pointer (G_TASK (result), error);
  if (issuer != NULL && address != NULL)
    {
      Fetch *fetch = g_task_get_task_data (G_TASK (result));
      *address = g_strdup (fetch->address);
    }
  return issuer;
}
