/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-export-format.h"
#include "cw-file.h"

/* What is written, for the thread; all of it is owned. */
typedef struct
{
  CwExportKind kind;
  CwExportContent content;
  char *name;
  GFile *file;
} Saving;

static const CwExportFormat formats[] = {
  { CW_EXPORT_PKCS12, N_ ("PKCS#12"),
    N_ ("Key, certificate and chain in one file with a passphrase (.p12, .pfx)"), ".p12" },
  { CW_EXPORT_PKCS12_OLD, N_ ("PKCS#12 for Old Windows and macOS (Weak)"),
    N_ ("Encrypted with 3DES and SHA-1, which are weak: use a long passphrase, and delete the file "
        "at once"),
    "-weak.p12" },
  { CW_EXPORT_ENCRYPTED_KEY, N_ ("Encrypted Private Key"),
    N_ ("With a passphrase, for programs that ask for it"), "-encrypted.key" },
  { CW_EXPORT_CHAIN, N_ ("Certificate and Its Chain"),
    N_ ("The certificate first, then the CAs below the root"), "-fullchain.crt" },
  { 0, NULL, NULL, NULL },
};

static void
saving_free (Saving *saving)
{
  g_clear_pointer (&saving->content.key, cw_secret_unref);
  g_clear_pointer (&saving->content.passphrase, cw_secret_unref);
  g_clear_object (&saving->content.chain);
  g_clear_pointer (&saving->name, g_free);
  g_clear_object (&saving->file);
  g_free (saving);
}

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Saving *saving = task_data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = cw_export (saving->kind, &saving->content, &error);

  if (bytes && cw_file_save (saving->file, bytes, cw_export_has_key (saving->kind), &error))
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

  return (!cw_export_has_key (self->kind) || cw_identity_get_key_fingerprint (identity)) &&
         (!cw_export_has_chain (self->kind) || cw_identity_get_chain (identity));
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

  g_return_if_fail (self != NULL);
  g_return_if_fail (cw_export_format_fits (self, identity));
  g_return_if_fail (key != NULL || !cw_export_has_key (self->kind));
  g_return_if_fail (passphrase != NULL || !cw_export_has_passphrase (self->kind));
  g_return_if_fail (G_IS_FILE (file));

  saving = g_new0 (Saving, 1);
  saving->name = cw_identity_get_title (identity);
  saving->kind = self->kind;
  saving->content.key = key ? cw_secret_ref (key) : NULL;
  saving->content.passphrase = passphrase ? cw_secret_ref (passphrase) : NULL;
  saving->content.with_root = with_root;
  saving->content.name = saving->name;
  g_set_object (&saving->content.chain, cw_identity_get_chain (identity));
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
