/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-profile-private.h"
#include "cw-profile-reader.h"
#include "cw-usage.h"

#define FILE_NAME     "profile.ini"
#define OUTPUT_GROUP  "Output "
#define SETTING_GROUP "Setting "
#define MAX_STEPS     9
#define DEFAULT_ORDER 1000

/* What is handed out, and what only cw-output needs to know. */
typedef struct
{
  CwProfileOutput output;
  GPtrArray *settings;
} OutputData;

struct _CwProfile
{
  GObject parent_instance;

  char *id;
  char *name;
  char *short_name;
  char *description;
  char *icon_name;
  int order;
  GArray *key_kinds;
  GPtrArray *usages;
  GPtrArray *settings;
  GPtrArray *outputs;
};

G_DEFINE_FINAL_TYPE (CwProfile, cw_profile, G_TYPE_OBJECT)

static const char *const source_ids[] = {
  [CW_PROFILE_SOURCE_PRIVATE_KEY] = "private-key",
  [CW_PROFILE_SOURCE_CERTIFICATE_CHAIN] = "certificate-chain",
  [CW_PROFILE_SOURCE_SERVER_CAS] = "server-cas",
  [CW_PROFILE_SOURCE_VERIFY] = "verify",
  NULL,
};

static void
setting_free (CwProfileSetting *setting)
{
  g_free (setting->name);
  g_free (setting->on);
  g_free (setting->off);
  g_free (setting);
}

static void
output_free (OutputData *data)
{
  g_free ((char *) data->output.id);
  g_free ((char *) data->output.title);
  g_free ((char *) data->output.description);
  g_free ((char *) data->output.file_name);
  g_free ((char *) data->output.media_type);
  g_strfreev ((char **) data->output.where);
  g_clear_pointer (&data->settings, g_ptr_array_unref);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwProfileSetting, setting_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OutputData, output_free)

static gboolean
is_made_of (const char *text, const char *characters)
{
  return text[0] != '\0' && strlen (text) <= 64 && text[strspn (text, characters)] == '\0';
}

static gboolean
is_id (const char *text)
{
  return text[0] != '-' && is_made_of (text, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

static gboolean
is_setting_name (const char *text)
{
  return g_ascii_isalpha (text[0]) &&
         is_made_of (text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-");
}

static gboolean
is_file_name (const char *text)
{
  return text[0] != '.' && strlen (text) <= 100 && strchr (text, '/') == NULL;
}

static gboolean
read_key_kinds (CwProfile *self, CwProfileReader *reader, GError **error)
{
  g_auto (GStrv) ids = cw_profile_reader_get_list (reader, "Request", "KeyKinds", error);

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      CwKeyKind kind;

      if (!cw_key_kind_from_id (ids[i], &kind))
        {
          const char *known[CW_KEY_KIND_OTHER + 1] = { NULL };

          for (int j = 0; j < CW_KEY_KIND_OTHER; j++)
            known[j] = cw_key_kind_get_id (j);
          return cw_profile_reader_unknown (reader, "Request", "KeyKinds", ids[i], known, error);
        }
      g_array_append_val (self->key_kinds, kind);
    }

  return ids != NULL;
}

static gboolean
set_unknown_usage (CwProfileReader *reader, const char *name, GError **error)
{
  guint n = 0;
  const CwUsage *usages = cw_usages (&n);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (known, (char *) usages[i].id);
  g_ptr_array_add (known, NULL);

  return cw_profile_reader_unknown (reader, "Request", "Usages", name,
                                    (const char *const *) known->pdata, error);
}

static gboolean
read_usages (CwProfile *self, CwProfileReader *reader, GError **error)
{
  g_auto (GStrv) names = cw_profile_reader_get_list (reader, "Request", "Usages", error);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      const CwUsage *usage = cw_usage_find (names[i]);

      if (usage == NULL && !cw_oid_check (names[i], NULL))
        return set_unknown_usage (reader, names[i], error);
      g_ptr_array_add (self->usages, g_strdup (usage ? usage->oid : names[i]));
    }
  g_ptr_array_add (self->usages, NULL);

  return names != NULL;
}

static gboolean
read_request (CwProfile *self, CwProfileReader *reader, GError **error)
{
  const char *const known[] = { "KeyKinds", "Usages", NULL };
  const char *const none[] = { NULL };

  return cw_profile_reader_check_keys (reader, "Request", known, none, error) &&
         read_key_kinds (self, reader, error) && read_usages (self, reader, error);
}

static gboolean
read_icon_name (CwProfile *self, CwProfileReader *reader, GError **error)
{
  if (!cw_profile_reader_has_key (reader, "Profile", "IconName"))
    {
      self->icon_name = g_strdup ("application-certificate-symbolic");
      return TRUE;
    }

  self->icon_name = cw_profile_reader_get_string (reader, "Profile", "IconName", error);
  if (self->icon_name == NULL)
    return FALSE;
  if (!is_made_of (self->icon_name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_."))
    return cw_profile_reader_mistake (reader, "Profile", "IconName", error,
                                      _ ("“%s” is not the name of an icon"), self->icon_name);

  return TRUE;
}

static gboolean
read_about (CwProfile *self, CwProfileReader *reader, GError **error)
{
  const char *const plain[] = { "IconName", "Order", NULL };
  const char *const translated[] = { "Name", "ShortName", "Comment", NULL };

  if (!cw_profile_reader_check_keys (reader, "Profile", plain, translated, error))
    return FALSE;

  self->name = cw_profile_reader_get_translated (reader, "Profile", "Name", error);
  if (self->name == NULL)
    return FALSE;
  self->description = cw_profile_reader_get_translated (reader, "Profile", "Comment", error);
  if (self->description == NULL)
    return FALSE;

  if (cw_profile_reader_has_key (reader, "Profile", "ShortName"))
    self->short_name = cw_profile_reader_get_translated (reader, "Profile", "ShortName", error);
  else
    self->short_name = g_strdup (self->name);
  if (self->short_name == NULL)
    return FALSE;

  if (cw_profile_reader_has_key (reader, "Profile", "Order") &&
      !cw_profile_reader_get_number (reader, "Profile", "Order", &self->order, error))
    return FALSE;

  return read_icon_name (self, reader, error);
}

static gboolean
read_source (CwProfileSetting *setting, CwProfileReader *reader, const char *group, GError **error)
{
  g_autofree char *id = cw_profile_reader_get_string (reader, group, "Source", error);

  if (id == NULL)
    return FALSE;
  for (guint i = 0; source_ids[i] != NULL; i++)
    if (g_str_equal (source_ids[i], id))
      {
        setting->source = i;
        return TRUE;
      }

  return cw_profile_reader_unknown (reader, group, "Source", id, source_ids, error);
}

static gboolean
read_setting (CwProfile *self, CwProfileReader *reader, const char *group, GError **error)
{
  const char *const simple[] = { "Source", NULL };
  const char *const with_texts[] = { "Source", "On", "Off", NULL };
  const char *const none[] = { NULL };
  g_autoptr (CwProfileSetting) setting = g_new0 (CwProfileSetting, 1);
  gboolean has_texts;

  setting->name = g_strdup (group + strlen (SETTING_GROUP));
  if (!is_setting_name (setting->name))
    return cw_profile_reader_mistake (reader, group, NULL, error,
                                      _ ("“%s” is not a name for a setting: it may have letters, "
                                         "digits, “_” and “-”, and begins with a letter"),
                                      setting->name);
  if (!cw_profile_reader_check_keys (reader, group, with_texts, none, error) ||
      !read_source (setting, reader, group, error))
    return FALSE;

  has_texts = setting->source == CW_PROFILE_SOURCE_VERIFY;
  if (!cw_profile_reader_check_keys (reader, group, has_texts ? with_texts : simple, none, error))
    return FALSE;
  if (has_texts &&
      ((setting->on = cw_profile_reader_get_string (reader, group, "On", error)) == NULL ||
       (setting->off = cw_profile_reader_get_string (reader, group, "Off", error)) == NULL))
    return FALSE;
  if (has_texts && g_str_equal (setting->on, setting->off))
    return cw_profile_reader_mistake (reader, group, "Off", error, _ ("it is the same as “On”"));

  g_ptr_array_add (self->settings, g_steal_pointer (&setting));
  return TRUE;
}

static CwProfileSetting *
find_setting (CwProfile *self, const char *name)
{
  for (guint i = 0; i < self->settings->len; i++)
    {
      CwProfileSetting *setting = self->settings->pdata[i];

      if (g_str_equal (setting->name, name))
        return setting;
    }

  return NULL;
}

static gboolean
set_unknown_setting (
    CwProfile *self, CwProfileReader *reader, const char *group, const char *name, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (guint i = 0; i < self->settings->len; i++)
    g_ptr_array_add (known, ((CwProfileSetting *) self->settings->pdata[i])->name);
  g_ptr_array_add (known, NULL);

  return cw_profile_reader_unknown (reader, group, "Settings", name,
                                    (const char *const *) known->pdata, error);
}

/* Whether it is secret is not for the file to say, which could be wrong about it. */
static gboolean
read_output_settings (
    CwProfile *self, OutputData *data, CwProfileReader *reader, const char *group, GError **error)
{
  g_auto (GStrv) names = cw_profile_reader_get_list (reader, group, "Settings", error);

  data->settings = g_ptr_array_new ();
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      CwProfileSetting *setting = find_setting (self, names[i]);

      if (setting == NULL)
        return set_unknown_setting (self, reader, group, names[i], error);
      data->output.secret |= setting->source == CW_PROFILE_SOURCE_PRIVATE_KEY;
      g_ptr_array_add (data->settings, setting);
    }

  return names != NULL;
}

static gboolean
read_steps (OutputData *data, CwProfileReader *reader, const char *group, GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (g_free);
  gboolean ended = FALSE;

  for (int i = 1; i <= MAX_STEPS; i++)
    {
      g_autofree char *key = g_strdup_printf ("Where%d", i);
      char *step;

      if (!cw_profile_reader_has_key (reader, group, key))
        {
          ended = TRUE;
          continue;
        }
      if (ended)
        return cw_profile_reader_mistake (reader, group, key, error,
                                          _ ("the step before it is missing"));
      if ((step = cw_profile_reader_get_translated (reader, group, key, error)) == NULL)
        return FALSE;
      g_ptr_array_add (steps, step);
    }

  g_ptr_array_add (steps, NULL);
  data->output.where = (const char *const *) g_ptr_array_steal (steps, NULL);
  return TRUE;
}

static gboolean
read_output_type (OutputData *data, CwProfileReader *reader, const char *group, GError **error)
{
  const char *const types[] = { "yaml", NULL };
  g_autofree char *type = cw_profile_reader_get_string (reader, group, "Type", error);

  if (type == NULL)
    return FALSE;
  if (!g_strv_contains (types, type))
    return cw_profile_reader_unknown (reader, group, "Type", type, types, error);

  data->output.media_type = g_strdup ("application/yaml"); /* RFC 9512 */
  return TRUE;
}

static gboolean
read_output_texts (OutputData *data, CwProfileReader *reader, const char *group, GError **error)
{
  data->output.id = g_strdup (group + strlen (OUTPUT_GROUP));
  if (!is_id (data->output.id))
    return cw_profile_reader_mistake (reader, group, NULL, error,
                                      _ ("“%s” is not a name for an output: it may have small "
                                         "letters, digits and “-”"),
                                      data->output.id);

  data->output.title = cw_profile_reader_get_translated (reader, group, "Name", error);
  if (data->output.title == NULL)
    return FALSE;
  if (cw_profile_reader_has_key (reader, group, "Comment") &&
      (data->output.description =
           cw_profile_reader_get_translated (reader, group, "Comment", error)) == NULL)
    return FALSE;

  data->output.file_name = cw_profile_reader_get_string (reader, group, "File", error);
  if (data->output.file_name == NULL)
    return FALSE;
  if (!is_file_name (data->output.file_name))
    return cw_profile_reader_mistake (reader, group, "File", error,
                                      _ ("“%s” is not a plain file name"), data->output.file_name);

  return TRUE;
}

static gboolean
read_output (CwProfile *self, CwProfileReader *reader, const char *group, GError **error)
{
  const char *const plain[] = { "File", "Settings", "Type", NULL };
  const char *const translated[] = { "Name",   "Comment", "Where1", "Where2", "Where3", "Where4",
                                     "Where5", "Where6",  "Where7", "Where8", "Where9", NULL };
  g_autoptr (OutputData) data = g_new0 (OutputData, 1);

  if (!cw_profile_reader_check_keys (reader, group, plain, translated, error) ||
      !read_output_texts (data, reader, group, error) ||
      !read_output_type (data, reader, group, error) ||
      !read_output_settings (self, data, reader, group, error) ||
      !read_steps (data, reader, group, error))
    return FALSE;

  g_ptr_array_add (self->outputs, g_steal_pointer (&data));
  return TRUE;
}

typedef gboolean (*ReadGroup) (CwProfile *, CwProfileReader *, const char *, GError **);

static gboolean
read_groups (CwProfile *self,
             CwProfileReader *reader,
             char **groups,
             const char *prefix,
             ReadGroup read_group,
             GError **error)
{
  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], prefix) && !read_group (self, reader, groups[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
check_groups (CwProfileReader *reader, char **groups, GError **error)
{
  const char *const known[] = { "Profile", "Request", "Output", "Setting", NULL };

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *word = g_strndup (groups[i], strcspn (groups[i], " "));
      gboolean has_name = strlen (word) < strlen (groups[i]);

      if (!g_strv_contains (known, word))
        return cw_profile_reader_unknown (reader, groups[i], NULL, word, known, error);
      if (has_name != (g_str_equal (word, "Output") || g_str_equal (word, "Setting")))
        return cw_profile_reader_mistake (
            reader, groups[i], NULL, error,
            has_name ? _ ("it takes no name") : _ ("its name is missing, as in “[%s name]”"), word);
    }
  for (guint i = 0; i < 2; i++)
    if (!cw_profile_reader_has_group (reader, known[i]))
      return cw_profile_reader_mistake (reader, known[i], NULL, error, _ ("it is missing"));

  return TRUE;
}

static gboolean
is_used (CwProfile *self, CwProfileSetting *setting)
{
  for (guint i = 0; i < self->outputs->len; i++)
    if (g_ptr_array_find (((OutputData *) self->outputs->pdata[i])->settings, setting, NULL))
      return TRUE;

  return FALSE;
}

static gboolean
check_whole (CwProfile *self, CwProfileReader *reader, GError **error)
{
  if (self->outputs->len == 0)
    return cw_profile_reader_mistake (reader, NULL, NULL, error,
                                      _ ("it has no group “[Output …]”"));

  for (guint i = 0; i < self->settings->len; i++)
    {
      CwProfileSetting *setting = self->settings->pdata[i];

      if (!is_used (self, setting))
        return cw_profile_reader_mistake (reader, NULL, NULL, error,
                                          _ ("no output has the setting “%s”"), setting->name);
    }

  return TRUE;
}

static gboolean
read_profile (CwProfile *self, CwProfileReader *reader, GError **error)
{
  g_auto (GStrv) groups = cw_profile_reader_get_groups (reader);

  return check_groups (reader, groups, error) && read_about (self, reader, error) &&
         read_request (self, reader, error) &&
         read_groups (self, reader, groups, SETTING_GROUP, read_setting, error) &&
         read_groups (self, reader, groups, OUTPUT_GROUP, read_output, error) &&
         check_whole (self, reader, error);
}

static void
cw_profile_finalize (GObject *object)
{
  CwProfile *self = CW_PROFILE (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->short_name);
  g_free (self->description);
  g_free (self->icon_name);
  g_array_unref (self->key_kinds);
  g_ptr_array_unref (self->usages);
  g_ptr_array_unref (self->outputs);
  g_ptr_array_unref (self->settings);

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
  self->key_kinds = g_array_new (FALSE, FALSE, sizeof (CwKeyKind));
  self->usages = g_ptr_array_new_with_free_func (g_free);
  self->settings = g_ptr_array_new_with_free_func ((GDestroyNotify) setting_free);
  self->outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) output_free);
}

CwProfile *
cw_profile_new_from_folder (const char *folder, GError **error)
{
  g_autoptr (CwProfile) self = g_object_new (CW_TYPE_PROFILE, NULL);
  g_autoptr (CwProfileReader) reader = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self->id = g_path_get_basename (folder);
  if (!is_id (self->id))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_PROFILE,
                   _ ("The profile “%s” cannot be used: the name of its folder may have small "
                      "letters, digits and “-”. Rename the folder."),
                   folder);
      return NULL;
    }

  path = g_build_filename (folder, FILE_NAME, NULL);
  reader = cw_profile_reader_new (path, error);
  if (reader == NULL || !read_profile (self, reader, error))
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
cw_profile_get_name (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return self->name;
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
cw_profile_get_wants_server_cas (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), FALSE);

  for (guint i = 0; i < self->settings->len; i++)
    {
      const CwProfileSetting *setting = self->settings->pdata[i];

      if (setting->source == CW_PROFILE_SOURCE_SERVER_CAS ||
          setting->source == CW_PROFILE_SOURCE_VERIFY)
        return TRUE;
    }

  return FALSE;
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

  return &((OutputData *) self->outputs->pdata[i])->output;
}

GPtrArray *
cw_profile_get_output_settings (CwProfile *self, const CwProfileOutput *output)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);
  g_return_val_if_fail (g_ptr_array_find (self->outputs, output, NULL), NULL);

  return ((const OutputData *) output)->settings;
}

const char *
cw_profile_get_short_name (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), NULL);

  return self->short_name;
}

int
cw_profile_get_order (CwProfile *self)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), 0);

  return self->order;
}
