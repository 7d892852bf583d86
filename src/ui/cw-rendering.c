/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-file.h"
#include "cw-identity-recipe.h"
#include "cw-rendering.h"

struct _CwRendering
{
  CwProfile *profile;
  const CwProfileOutput *output; /* the profile's */
  CwChain *chain;
  CwSecret *key;
  CwSecret *passphrase;
  char *server_cas;
  GError *no_server_cas; /* why there are none, though they were chosen */
  char *address;
  gboolean verify_server;
  GHashTable *files;
  GFile *to;
};

static CwOutputValues
get_values (CwRendering *self)
{
  return (CwOutputValues){
    .key = self->key,
    .chain = self->chain,
    .server_cas = self->server_cas,
    .verify_server = self->verify_server,
    .address = self->address,
    .passphrase = self->passphrase,
    .files = self->files,
  };
}

/* Without them it would be the system's, and nobody would have said so. */
static gboolean
has_server_cas (CwRendering *self, const CwProfileOutput *output, GError **error)
{
  if (!self->no_server_cas || !cw_profile_output_wants_server_cas (self->profile, output))
    return TRUE;

  g_propagate_error (error, g_error_copy (self->no_server_cas));
  return FALSE;
}

static CwSecret *
render (CwRendering *self, GError **error)
{
  const CwOutputValues values = get_values (self);

  return has_server_cas (self, self->output, error)
             ? cw_output_render (self->profile, self->output, &values, error)
             : NULL;
}

static void
run (CwRendering *self, GTaskThreadFunc function, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, self, (GDestroyNotify) cw_rendering_free);
  g_task_run_in_thread (task, function);
}

static void
render_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  CwRendering *self = task_data;
  CwSecret *text = NULL;
  GError *error = NULL;

  if (self->key || !self->output->secret)
    text = render (self, &error);

  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, text, (GDestroyNotify) cw_secret_unref);
}

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  CwRendering *self = task_data;
  GError *error = NULL;
  g_autoptr (CwSecret) text = render (self, &error);
  g_autoptr (GBytes) bytes = text ? cw_secret_to_bytes (text) : NULL;

  if (bytes && cw_file_save (self->to, bytes, TRUE, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
save_set_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  CwRendering *self = task_data;
  const CwOutputValues values = get_values (self);
  g_autofree char *folder = g_file_get_path (self->to);
  g_autofree char *name = cw_file_get_shown_name (self->to);
  GError *error = NULL;
  GPtrArray *files = NULL;

  if (folder && has_server_cas (self, NULL, &error))
    files = cw_output_set_save (self->profile, &values, folder, &error);
  else if (!folder)
    g_set_error (
        &error, CW_ERROR, CW_ERROR_FAILED,
        _ ("“%s” is not on this computer. A private key can only be saved in a local folder."),
        name);

  if (files)
    g_task_return_pointer (task, files, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

CwRendering *
cw_rendering_new (CwIdentity *identity,
                  CwProfile *profile,
                  const CwProfileOutput *output,
                  CwSecret *key)
{
  CwRendering *self = g_new0 (CwRendering, 1);

  g_return_val_if_fail (CW_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (CW_IS_PROFILE (profile), NULL);

  self->profile = g_object_ref (profile);
  self->output = output;
  self->chain = g_object_ref (cw_identity_get_chain (identity));
  self->key = key ? cw_secret_ref (key) : NULL;
  self->server_cas = cw_identity_dup_server_cas_pem (identity, &self->no_server_cas);
  self->address = cw_identity_dup_address (identity, profile);
  self->verify_server = cw_identity_get_verify_server (identity);
  return self;
}

void
cw_rendering_free (CwRendering *self)
{
  g_clear_object (&self->profile);
  g_clear_object (&self->chain);
  g_clear_object (&self->to);
  g_clear_pointer (&self->key, cw_secret_unref);
  g_clear_pointer (&self->passphrase, cw_secret_unref);
  g_clear_pointer (&self->files, g_hash_table_unref);
  g_clear_error (&self->no_server_cas);
  g_free (self->server_cas);
  g_free (self->address);
  g_free (self);
}

void
cw_rendering_set_passphrase (CwRendering *self, CwSecret *passphrase)
{
  g_clear_pointer (&self->passphrase, cw_secret_unref);
  self->passphrase = passphrase ? cw_secret_ref (passphrase) : NULL;
}

/* A copy: the thread reads it. */
void
cw_rendering_set_files (CwRendering *self, GHashTable *files)
{
  GHashTableIter iter;
  gpointer id, path;

  g_clear_pointer (&self->files, g_hash_table_unref);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &id, &path))
    g_hash_table_insert (self->files, g_strdup (id), g_strdup (path));
}

char *
cw_rendering_explain_empty (CwRendering *self, const CwProfileOutput *output)
{
  const CwOutputValues values = get_values (self);

  return has_server_cas (self, output, NULL)
             ? cw_output_explain_empty (self->profile, output, &values)
             : NULL;
}

void
cw_rendering_run_async (CwRendering *self, GAsyncReadyCallback callback, gpointer user_data)
{
  run (self, render_thread, callback, user_data);
}

CwSecret *
cw_rendering_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cw_rendering_save_async (CwRendering *self,
                         GFile *file,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  self->to = g_object_ref (file);
  run (self, save_thread, callback, user_data);
}

gboolean
cw_rendering_save_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_rendering_save_set_async (CwRendering *self,
                             GFile *folder,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  self->to = g_object_ref (folder);
  run (self, save_set_thread, callback, user_data);
}

GPtrArray *
cw_rendering_save_set_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
