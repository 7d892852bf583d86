/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-export-format.h"
#include "cw-export.h"
#include "cw-file.h"

/* What is written, for the thread. */
typedef struct
{
  const CwExportFormat *format;
  CwSecret *key;
  CwSecret *passphrase;
  CwChain *chain; /* or NULL */
  gboolean with_root;
  char *name;
  GFile *file;
} Saving;

/* It is encrypted, but it is what private files are saved from. */
static CwSecret *
take_bytes (GBytes *bytes)
{
  gsize size;
  const char *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;
  CwSecret *secret = data ? cw_secret_new (data, (gssize) size) : NULL;

  g_clear_pointer (&bytes, g_bytes_unref);
  return secret;
}

static CwSecret *
write_pkcs12 (CwSecret *key,
              CwChain *chain,
              gboolean with_root,
              const char *name,
              CwSecret *passphrase,
              GError **error)
{
  return take_bytes (cw_export_pkcs12 (key, chain, with_root, name, passphrase, error));
}

static CwSecret *
write_pkcs12_old (CwSecret *key,
                  CwChain *chain,
                  gboolean with_root,
                  const char *name,
                  CwSecret *passphrase,
                  GError **error)
{
  return take_bytes (cw_export_pkcs12_old (key, chain, with_root, name, passphrase, error));
}

static CwSecret *
write_encrypted_key (CwSecret *key,
                     CwChain *chain,
                     gboolean with_root,
                     const char *name,
                     CwSecret *passphrase,
                     GError **error)
{
  return cw_export_encrypted_key (key, passphrase, error);
}

static const CwExportFormat formats[] = {
  { N_ ("PKCS#12"), N_ ("Key, certificate and chain in one file with a passphrase (.p12, .pfx)"),
    ".p12", TRUE, TRUE, FALSE, write_pkcs12 },
  { N_ ("PKCS#12 for Old Windows and macOS (Weak)"),
    N_ ("Encrypted with 3DES and SHA-1, which are weak: use a long passphrase, and delete the file "
        "at once"),
    "-weak.p12", TRUE, TRUE, TRUE, write_pkcs12_old },
  { N_ ("Encrypted Private Key"), N_ ("With a passphrase, for programs that ask for it"),
    "-encrypted.key", TRUE, FALSE, FALSE, write_encrypted_key },
  { N_ ("Certificate and Its Chain"), N_ ("The certificate first, then the CAs below the root"),
    "-fullchain.crt", FALSE, TRUE, FALSE, NULL },
  { NULL, NULL, NULL, FALSE, FALSE, FALSE, NULL },
};

static void
saving_free (Saving *saving)
{
  g_clear_pointer (&saving->key, cw_secret_unref);
  g_clear_pointer (&saving->passphrase, cw_secret_unref);
  g_clear_pointer (&saving->name, g_free);
  g_clear_object (&saving->chain);
  g_clear_object (&saving->file);
  g_free (saving);
}

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Saving *saving = task_data;
  GError *error = NULL;
  g_autoptr (CwSecret) content = saving->format->write (
      saving->key, saving->chain, saving->with_root, saving->name, saving->passphrase, &error);

  if (content && cw_file_save_private (saving->file, content, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

const CwExportFormat *
cw_export_formats_get (void)
{
  return formats;
}

gboolean
cw_export_format_fits (const CwExportFormat *self, CwIdentity *identity)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (CW_IS_IDENTITY (identity), FALSE);

  return (!self->has_key || cw_identity_get_key_fingerprint (identity)) &&
         (!self->has_chain || cw_identity_get_chain (identity));
}

void
cw_export_format_save_async (const CwExportFormat *self,
                             CwIdentity *identity,
                             CwSecret *key,
                             CwSecret *passphrase,
                             gboolean with_root,
                             GFile *file,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Saving *saving;

  g_return_if_fail (self != NULL && self->write != NULL);
  g_return_if_fail (cw_export_format_fits (self, identity));
  g_return_if_fail (key != NULL);
  g_return_if_fail (passphrase != NULL);
  g_return_if_fail (G_IS_FILE (file));

  saving = g_new0 (Saving, 1);
  saving->format = self;
  saving->key = cw_secret_ref (key);
  saving->passphrase = cw_secret_ref (passphrase);
  saving->with_root = with_root;
  saving->name = cw_identity_get_title (identity);
  g_set_object (&saving->chain, cw_identity_get_chain (identity));
  g_set_object (&saving->file, file);

  /* It holds no widget, since it may end in its thread. */
  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_task_data (task, saving, (GDestroyNotify) saving_free);
  g_task_run_in_thread (task, save_thread);
}

gboolean
cw_export_format_save_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
