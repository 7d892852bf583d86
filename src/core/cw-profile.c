/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-profile-private.h"
#include "cw-request.h"
#include "cw-usage.h"

#define FILE_NAME     "profile.ini"
#define DEFAULT_ORDER 1000

G_DEFINE_FINAL_TYPE (CwProfile, cw_profile, G_TYPE_OBJECT)

static void
output_data_free (CwProfileOutputData *data)
{
  g_free ((char **) data->output.where);
  g_ptr_array_unref (data->settings);
  g_array_unref (data->sources);
  g_free (data);
}

static void
cw_profile_finalize (GObject *object)
{
  CwProfile *self = CW_PROFILE (object);

  g_free (self->id);
  g_free (self->folder);
  g_array_unref (self->key_kinds);
  g_array_unref (self->signers);
  g_ptr_array_unref (self->usages);
  g_ptr_array_unref (self->schemes);
  g_ptr_array_unref (self->outputs);
  g_ptr_array_unref (self->settings);
  g_clear_pointer (&self->reader, cw_profile_reader_free);

  G_OBJECT_CLASS (cw_profile_parent_class)->finalize (object);
}

static void
cw_profile_class_init (CwProfileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_profile_finalize;
}

static void
cw_profile_init (CwProfile *self)
{
  self->order = DEFAULT_ORDER;
  self->days = CW_REQUEST_DAYS;
  self->key_kinds = g_array_new (FALSE, FALSE, sizeof (CwKeyKind));
  self->signers = g_array_new (FALSE, FALSE, sizeof (CwProfileSigner));
  self->usages = g_ptr_array_new_with_free_func (g_free);
  self->schemes = g_ptr_array_new ();
  self->settings = g_ptr_array_new_with_free_func (g_free);
  self->outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) output_data_free);
}

CwProfile *
cw_profile_new_from_folder (const char *folder, GError **error)
{
  g_autoptr (CwProfile) self = g_object_new (CW_TYPE_PROFILE, NULL);
  g_autofree char *path = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self->folder = g_strdup (folder);
  self->id = g_path_get_basename (folder);
  if (!cw_profile_is_id (self->id))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_PROFILE,
                   _ ("The profile “%s” cannot be used: the name of its folder may have small "
                      "letters, digits and “-”. Rename the folder."),
                   folder);
      return NULL;
    }

  path = g_build_filename (folder, FILE_NAME, NULL);
  self->reader = cw_profile_reader_new (path, error);
  if (self->reader == NULL || !cw_profile_fill (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

const char *
cw_profile_get_id (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return self->id;
}

const char *
cw_profile_get_folder (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return self->folder;
}

const char *
cw_profile_get_name (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return self->name;
}

const char *
cw_profile_get_short_name (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return self->short_name;
}

const char *
cw_profile_get_description (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return self->description;
}

const char *
cw_profile_get_icon_name (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return self->icon_name;
}

const CwKeyKind *
cw_profile_get_key_kinds (CwProfile *self, guint *n_kinds)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);
  g_return_val_if_fail (n_kinds != NULL, NULL);

  *n_kinds = self->key_kinds->len;
  return (const CwKeyKind *) (void *) self->key_kinds->data;
}

const char *const *
cw_profile_get_usages (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return (const char *const *) self->usages->pdata;
}

gboolean
cw_profile_get_only_serves (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), FALSE);

  return cw_usages_only_serve (cw_profile_get_usages (self));
}

guint
cw_profile_get_days (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), CW_REQUEST_DAYS);

  return self->days;
}

const CwProfileSigner *
cw_profile_get_signers (CwProfile *self, guint *n_signers)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);
  g_return_val_if_fail (n_signers != NULL, NULL);

  *n_signers = self->signers->len;
  return (const CwProfileSigner *) (void *) self->signers->data;
}

CwProfileSubject
cw_profile_get_subject (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), CW_PROFILE_SUBJECT_ANY);

  return self->subject;
}

const char *const *
cw_profile_get_test_schemes (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return (const char *const *) self->schemes->pdata;
}

gboolean
cw_profile_get_cas_beside_system (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), FALSE);

  return self->cas_beside_system;
}

guint
cw_profile_get_test_port (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), 0);

  return self->port;
}

const char *
cw_profile_get_test_topic (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return self->topic;
}

const char *
cw_profile_get_test_payload (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return self->payload;
}

static gboolean
output_has_server_cas (const CwProfileOutputData *data)
{
  for (guint i = 0; i < data->settings->len; i++)
    {
      const CwProfileSetting *setting = data->settings->pdata[i];

      if (setting->source == CW_PROFILE_SOURCE_SERVER_CAS ||
          setting->source == CW_PROFILE_SOURCE_VERIFY)
        return TRUE;
    }
  for (guint i = 0; i < data->sources->len; i++)
    if (g_array_index (data->sources, CwProfileSource, i) == CW_PROFILE_SOURCE_SERVER_CAS)
      return TRUE;

  return FALSE;
}

gboolean
cw_profile_get_wants_server_cas (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), FALSE);

  for (guint i = 0; i < self->outputs->len; i++)
    if (output_has_server_cas (self->outputs->pdata[i]))
      return TRUE;

  return FALSE;
}

gboolean
cw_profile_output_wants_server_cas (CwProfile *self, const CwProfileOutput *output)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), FALSE);

  /* A template may name the file that they are in. */
  return output == NULL || output->type == CW_PROFILE_OUTPUT_TEMPLATE
             ? cw_profile_get_wants_server_cas (self)
             : output_has_server_cas (cw_profile_get_output_data (self, output));
}

guint
cw_profile_get_n_outputs (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), 0);

  return self->outputs->len;
}

const CwProfileOutput *
cw_profile_get_output (CwProfile *self, guint i)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);
  g_return_val_if_fail (i < self->outputs->len, NULL);

  return &((CwProfileOutputData *) self->outputs->pdata[i])->output;
}

gboolean
cw_profile_get_has_set (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), FALSE);

  for (guint i = 0; i < self->outputs->len; i++)
    if (((CwProfileOutputData *) self->outputs->pdata[i])->output.in_set)
      return TRUE;

  return FALSE;
}

const CwProfileOutputData *
cw_profile_get_output_data (CwProfile *self, const CwProfileOutput *output)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);
  g_return_val_if_fail (g_ptr_array_find (self->outputs, output, NULL), NULL);

  return (const CwProfileOutputData *) output;
}

const CwProfileOutput *
cw_profile_find_output (CwProfile *self, const char *id)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < self->outputs->len; i++)
    {
      const CwProfileOutput *output = cw_profile_get_output (self, i);

      if (g_str_equal (output->id, id))
        return output;
    }

  return NULL;
}

guint
cw_profile_get_order (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), 0);

  return self->order;
}
