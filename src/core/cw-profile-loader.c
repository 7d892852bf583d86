/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-profile-private.h"
#include "cw-request.h"
#include "cw-usage.h"

#define OUTPUT_GROUP  "Output "
#define SETTING_GROUP "Setting "
#define MAX_STEPS     9
#define MAX_FILE_NAME 100

const char *const cw_profile_source_ids[] = {
  [CW_PROFILE_SOURCE_PRIVATE_KEY] = "private-key",
  [CW_PROFILE_SOURCE_CERTIFICATE] = "certificate",
  [CW_PROFILE_SOURCE_CERTIFICATE_CHAIN] = "certificate-chain",
  [CW_PROFILE_SOURCE_ISSUERS] = "issuers",
  [CW_PROFILE_SOURCE_SERVER_CAS] = "server-cas",
  [CW_PROFILE_SOURCE_VERIFY] = "verify",
  NULL,
};

const char *const cw_profile_pem_ids[] = {
  [CW_PROFILE_SOURCE_PRIVATE_KEY] = "private-key",
  [CW_PROFILE_SOURCE_CERTIFICATE] = "certificate",
  [CW_PROFILE_SOURCE_CERTIFICATE_CHAIN] = "certificate-chain",
  [CW_PROFILE_SOURCE_ISSUERS] = "issuers",
  [CW_PROFILE_SOURCE_SERVER_CAS] = "server-cas",
  NULL,
};

static const char *const signer_ids[] = {
  [CW_PROFILE_SIGNER_CA] = "ca",
  [CW_PROFILE_SIGNER_SELF] = "self",
  [CW_PROFILE_SIGNER_AUTHORITY] = "authority",
  NULL,
};

static const char *const subject_ids[] = {
  [CW_PROFILE_SUBJECT_ANY] = "any",
  [CW_PROFILE_SUBJECT_PERSON] = "person",
  [CW_PROFILE_SUBJECT_DEVICE] = "device",
  [CW_PROFILE_SUBJECT_HOST] = "host",
  NULL,
};

static const char *const cas_ids[] = { "alone", "beside", NULL };

static const char *const scheme_ids[] = { "https", "wss", "mqtts", NULL };

/* What a type of output is like, and which keys it takes beside those of all. */
static const struct
{
  const char *media_type;
  gboolean is_text;
  gboolean needs_passphrase;
  const char *keys[4];
} types[] = {
  [CW_PROFILE_OUTPUT_YAML] = { "application/yaml", TRUE, FALSE, { "Settings" } }, /* RFC 9512 */
  [CW_PROFILE_OUTPUT_PEM] = { "application/x-pem-file", TRUE, FALSE, { "Sources" } },
  [CW_PROFILE_OUTPUT_ENCRYPTED_KEY] = { "application/x-pem-file", TRUE, TRUE, { NULL } },
  [CW_PROFILE_OUTPUT_PKCS12] = { "application/x-pkcs12", FALSE, TRUE, { "Strength" } },
  [CW_PROFILE_OUTPUT_TEMPLATE] = { "text/plain",
                                   TRUE,
                                   FALSE,
                                   { "Language", "Sources", "Template" } },
};

static const char *const type_ids[] = {
  [CW_PROFILE_OUTPUT_YAML] = "yaml",
  [CW_PROFILE_OUTPUT_PEM] = "pem",
  [CW_PROFILE_OUTPUT_ENCRYPTED_KEY] = "encrypted-key",
  [CW_PROFILE_OUTPUT_PKCS12] = "pkcs12",
  [CW_PROFILE_OUTPUT_TEMPLATE] = "template",
  NULL,
};

static const char *const strength_ids[] = { "modern", "old", NULL };

static const char *const none[] = { NULL };

static gboolean
is_made_of (const char *text, const char *characters)
{
  return text[0] != '\0' && strlen (text) <= 64 && text[strspn (text, characters)] == '\0';
}

static gboolean
is_setting_name (const char *text)
{
  return g_ascii_isalpha (text[0]) &&
         is_made_of (text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-");
}

/* A program would take "-name" for an option. */
static gboolean
is_file_name (const char *text)
{
  return text[0] != '.' && text[0] != '-' && strlen (text) <= MAX_FILE_NAME &&
         strchr (text, '/') == NULL;
}

static gboolean
has_key (CwProfile *self, const char *group, const char *key)
{
  return cw_profile_reader_has_key (self->reader, group, key);
}

/* The numbers in @known of a list of words. */
static gboolean
read_words (CwProfile *self,
            const char *group,
            const char *key,
            const char *const *known,
            GArray *found,
            GError **error)
{
  g_autofree const char **words = cw_profile_reader_get_list (self->reader, group, key, error);

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      guint j = 0;

      while (known[j] != NULL && !g_str_equal (known[j], words[i]))
        j++;
      if (known[j] == NULL)
        return cw_profile_reader_unknown (self->reader, group, key, words[i], known, error);
      g_array_append_val (found, j);
    }

  return words != NULL;
}

static gboolean
read_key_kinds (CwProfile *self, GError **error)
{
  const char *known[CW_KEY_KIND_OTHER + 1] = { NULL };

  for (int i = 0; i < CW_KEY_KIND_OTHER; i++)
    known[i] = cw_key_kind_get_id (i);
  return read_words (self, "Request", "KeyKinds", known, self->key_kinds, error);
}

static gboolean
set_unknown_usage (CwProfile *self, const char *name, GError **error)
{
  guint n = 0;
  const CwUsage *usages = cw_usages (&n);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (known, (char *) usages[i].id);
  g_ptr_array_add (known, NULL);

  return cw_profile_reader_unknown (self->reader, "Request", "Usages", name,
                                    (const char *const *) known->pdata, error);
}

static gboolean
read_usages (CwProfile *self, GError **error)
{
  g_autofree const char **names =
      cw_profile_reader_get_list (self->reader, "Request", "Usages", error);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      const CwUsage *usage = cw_usage_find (names[i]);

      if (usage == NULL && !cw_oid_check (names[i], NULL))
        return set_unknown_usage (self, names[i], error);
      g_ptr_array_add (self->usages, g_strdup (usage ? usage->oid : names[i]));
    }
  g_ptr_array_add (self->usages, NULL);

  return names != NULL;
}

static gboolean
read_signers (CwProfile *self, GError **error)
{
  const CwProfileSigner usual[] = { CW_PROFILE_SIGNER_CA, CW_PROFILE_SIGNER_AUTHORITY };

  if (has_key (self, "Request", "Signers"))
    return read_words (self, "Request", "Signers", signer_ids, self->signers, error);

  g_array_append_vals (self->signers, usual, G_N_ELEMENTS (usual));
  return TRUE;
}

static gboolean
read_subject (CwProfile *self, GError **error)
{
  guint subject = CW_PROFILE_SUBJECT_ANY;

  if (has_key (self, "Request", "Subject") &&
      !cw_profile_reader_get_word (self->reader, "Request", "Subject", subject_ids, &subject,
                                   error))
    return FALSE;

  self->subject = subject;
  return TRUE;
}

static gboolean
read_request (CwProfile *self, GError **error)
{
  const char *const known[] = { "Days", "KeyKinds", "Signers", "Subject", "Usages", NULL };

  return cw_profile_reader_check_keys (self->reader, "Request", known, none, error) &&
         read_key_kinds (self, error) && read_usages (self, error) && read_signers (self, error) &&
         read_subject (self, error) &&
         (!has_key (self, "Request", "Days") ||
          cw_profile_reader_get_number (self->reader, "Request", "Days", 1, CW_REQUEST_MAX_DAYS,
                                        &self->days, error));
}

static gboolean
read_schemes (CwProfile *self, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint));

  if (has_key (self, "Test", "Schemes"))
    {
      if (!read_words (self, "Test", "Schemes", scheme_ids, found, error))
        return FALSE;
      for (guint i = 0; i < found->len; i++)
        g_ptr_array_add (self->schemes, (char *) scheme_ids[g_array_index (found, guint, i)]);
    }
  else
    g_ptr_array_add (self->schemes, (char *) scheme_ids[0]);
  g_ptr_array_add (self->schemes, NULL);

  return TRUE;
}

static gboolean
read_message (CwProfile *self, GError **error)
{
  CwProfileReader *reader = self->reader;
  const gboolean has_topic = has_key (self, "Test", "Topic");

  if (has_topic != has_key (self, "Test", "Payload"))
    return cw_profile_reader_mistake (reader, "Test", has_topic ? "Topic" : "Payload", error,
                                      _ ("“Topic” and “Payload” belong together"));
  if (!has_topic)
    return TRUE;

  self->topic = cw_profile_reader_get_string (reader, "Test", "Topic", error);
  if (self->topic == NULL)
    return FALSE;
  /* MQTT 4.7: one that has these is for subscribing. */
  if (strpbrk (self->topic, "+#") != NULL)
    return cw_profile_reader_mistake (reader, "Test", "Topic", error,
                                      _ ("nothing can be published to a topic with “+” or “#”"));
  self->payload = cw_profile_reader_get_string (reader, "Test", "Payload", error);
  return self->payload != NULL;
}

static gboolean
read_cas (CwProfile *self, GError **error)
{
  guint cas = 0;

  if (has_key (self, "Test", "Cas") &&
      !cw_profile_reader_get_word (self->reader, "Test", "Cas", cas_ids, &cas, error))
    return FALSE;

  self->cas_beside_system = cas == 1;
  return TRUE;
}

static gboolean
read_test (CwProfile *self, GError **error)
{
  const char *const known[] = { "Cas", "Payload", "Port", "Schemes", "Topic", NULL };

  return cw_profile_reader_check_keys (self->reader, "Test", known, none, error) &&
         read_schemes (self, error) && read_message (self, error) && read_cas (self, error) &&
         (!has_key (self, "Test", "Port") ||
          cw_profile_reader_get_number (self->reader, "Test", "Port", 1, G_MAXUINT16, &self->port,
                                        error));
}

static gboolean
read_icon_name (CwProfile *self, GError **error)
{
  if (!has_key (self, "Profile", "IconName"))
    {
      self->icon_name = "application-certificate-symbolic";
      return TRUE;
    }

  self->icon_name = cw_profile_reader_get_string (self->reader, "Profile", "IconName", error);
  if (self->icon_name == NULL)
    return FALSE;
  if (!is_made_of (self->icon_name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_."))
    return cw_profile_reader_mistake (self->reader, "Profile", "IconName", error,
                                      _ ("“%s” is not the name of an icon"), self->icon_name);

  return TRUE;
}

static gboolean
read_about (CwProfile *self, GError **error)
{
  const char *const plain[] = { "IconName", "Order", NULL };
  const char *const translated[] = { "Name", "ShortName", "Comment", NULL };
  CwProfileReader *reader = self->reader;

  if (!cw_profile_reader_check_keys (reader, "Profile", plain, translated, error) ||
      !(self->name = cw_profile_reader_get_translated (reader, "Profile", "Name", error)) ||
      !(self->description = cw_profile_reader_get_translated (reader, "Profile", "Comment", error)))
    return FALSE;

  self->short_name = self->name;
  if (has_key (self, "Profile", "ShortName") &&
      !(self->short_name =
            cw_profile_reader_get_translated (reader, "Profile", "ShortName", error)))
    return FALSE;

  return (!has_key (self, "Profile", "Order") ||
          cw_profile_reader_get_number (reader, "Profile", "Order", 0, 9999, &self->order,
                                        error)) &&
         read_icon_name (self, error);
}

static gboolean
read_verify_texts (CwProfile *self, CwProfileSetting *setting, const char *group, GError **error)
{
  setting->on = cw_profile_reader_get_string (self->reader, group, "On", error);
  if (setting->on == NULL)
    return FALSE;
  setting->off = cw_profile_reader_get_string (self->reader, group, "Off", error);
  if (setting->off == NULL)
    return FALSE;
  if (g_str_equal (setting->on, setting->off))
    return cw_profile_reader_mistake (self->reader, group, "Off", error,
                                      _ ("it is the same as “On”"));

  return TRUE;
}

static gboolean
read_setting (CwProfile *self, const char *group, GError **error)
{
  const char *const simple[] = { "Source", NULL };
  const char *const with_texts[] = { "Source", "On", "Off", NULL };
  g_autofree CwProfileSetting *setting = g_new0 (CwProfileSetting, 1);
  gboolean has_texts;
  guint source;

  setting->name = group + strlen (SETTING_GROUP);
  if (!is_setting_name (setting->name))
    return cw_profile_reader_mistake (self->reader, group, NULL, error,
                                      _ ("“%s” is not a name for a setting: it may have letters, "
                                         "digits, “_” and “-”, and begins with a letter"),
                                      setting->name);
  if (!cw_profile_reader_check_keys (self->reader, group, with_texts, none, error) ||
      !cw_profile_reader_get_word (self->reader, group, "Source", cw_profile_source_ids, &source,
                                   error))
    return FALSE;

  setting->source = source;
  has_texts = source == CW_PROFILE_SOURCE_VERIFY;
  if (!cw_profile_reader_check_keys (self->reader, group, has_texts ? with_texts : simple, none,
                                     error) ||
      (has_texts && !read_verify_texts (self, setting, group, error)))
    return FALSE;

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
set_unknown_setting (CwProfile *self, const char *group, const char *name, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (guint i = 0; i < self->settings->len; i++)
    g_ptr_array_add (known, (char *) ((CwProfileSetting *) self->settings->pdata[i])->name);
  g_ptr_array_add (known, NULL);

  return cw_profile_reader_unknown (self->reader, group, "Settings", name,
                                    (const char *const *) known->pdata, error);
}

/* Whether it is secret is not for the file to say, which could be wrong about it. */
static gboolean
read_output_settings (CwProfile *self, CwProfileOutputData *data, const char *group, GError **error)
{
  g_autofree const char **names =
      cw_profile_reader_get_list (self->reader, group, "Settings", error);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      CwProfileSetting *setting = find_setting (self, names[i]);

      if (setting == NULL)
        return set_unknown_setting (self, group, names[i], error);
      data->output.secret |= setting->source == CW_PROFILE_SOURCE_PRIVATE_KEY;
      g_ptr_array_add (data->settings, setting);
    }

  return names != NULL;
}

static gboolean
read_output_sources (CwProfile *self, CwProfileOutputData *data, const char *group, GError **error)
{
  if (!read_words (self, group, "Sources", cw_profile_pem_ids, data->sources, error))
    return FALSE;

  for (guint i = 0; i < data->sources->len; i++)
    data->output.secret |=
        g_array_index (data->sources, CwProfileSource, i) == CW_PROFILE_SOURCE_PRIVATE_KEY;
  return TRUE;
}

static gboolean
read_output_template (CwProfile *self, CwProfileOutputData *data, const char *group, GError **error)
{
  guint language;

  data->template = cw_profile_reader_get_string (self->reader, group, "Template", error);
  if (data->template == NULL)
    return FALSE;
  if (!is_file_name (data->template))
    return cw_profile_reader_mistake (self->reader, group, "Template", error,
                                      _ ("“%s” is not a plain file name"), data->template);
  if (!cw_profile_reader_get_word (self->reader, group, "Language", cw_language_ids, &language,
                                   error))
    return FALSE;

  data->language = language;
  return !has_key (self, group, "Sources") || read_output_sources (self, data, group, error);
}

static gboolean
read_output_strength (CwProfile *self, CwProfileOutputData *data, const char *group, GError **error)
{
  guint strength = 0;

  data->output.secret = TRUE;
  if (has_key (self, group, "Strength") &&
      !cw_profile_reader_get_word (self->reader, group, "Strength", strength_ids, &strength, error))
    return FALSE;

  data->output.weak = strength > 0;
  return TRUE;
}

static gboolean
read_output_content (CwProfile *self, CwProfileOutputData *data, const char *group, GError **error)
{
  switch (data->output.type)
    {
    case CW_PROFILE_OUTPUT_YAML:
      return read_output_settings (self, data, group, error);
    case CW_PROFILE_OUTPUT_PEM:
      return read_output_sources (self, data, group, error);
    case CW_PROFILE_OUTPUT_ENCRYPTED_KEY:
    case CW_PROFILE_OUTPUT_PKCS12:
      return read_output_strength (self, data, group, error);
    case CW_PROFILE_OUTPUT_TEMPLATE:
      return read_output_template (self, data, group, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static gboolean
read_steps (CwProfile *self, CwProfileOutputData *data, const char *group, GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  gboolean ended = FALSE;

  for (int i = 1; i <= MAX_STEPS; i++)
    {
      const char key[] = { 'W', 'h', 'e', 'r', 'e', (char) ('0' + i), '\0' };
      const char *step;

      if (!has_key (self, group, key))
        {
          ended = TRUE;
          continue;
        }
      if (ended)
        return cw_profile_reader_mistake (self->reader, group, key, error,
                                          _ ("the step before it is missing"));
      step = cw_profile_reader_get_translated (self->reader, group, key, error);
      if (step == NULL)
        return FALSE;
      g_ptr_array_add (steps, (char *) step);
    }

  g_ptr_array_add (steps, NULL);
  data->output.where = (const char *const *) g_ptr_array_steal (steps, NULL);
  return TRUE;
}

/* Which keys there may be depends on the type. */
static gboolean
check_output_keys (CwProfile *self, const char *group, int type, GError **error)
{
  const char *const translated[] = { "Name",   "Comment", "Where1", "Where2", "Where3", "Where4",
                                     "Where5", "Where6",  "Where7", "Where8", "Where9", NULL };
  const char *plain[16] = { "File", "Type" };
  guint n = 2;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    for (guint j = 0; (type < 0 || type == (int) i) && types[i].keys[j] != NULL; j++)
      plain[n++] = types[i].keys[j];

  return cw_profile_reader_check_keys (self->reader, group, plain, translated, error);
}

static gboolean
read_output_type (CwProfile *self, CwProfileOutputData *data, const char *group, GError **error)
{
  guint type;

  if ((!has_key (self, group, "Type") && !check_output_keys (self, group, -1, error)) ||
      !cw_profile_reader_get_word (self->reader, group, "Type", type_ids, &type, error) ||
      !check_output_keys (self, group, (int) type, error))
    return FALSE;

  data->output.type = type;
  data->output.media_type = types[type].media_type;
  data->output.is_text = types[type].is_text;
  data->output.needs_passphrase = types[type].needs_passphrase;
  return TRUE;
}

static gboolean
read_output_texts (CwProfile *self, CwProfileOutputData *data, const char *group, GError **error)
{
  CwProfileReader *reader = self->reader;

  data->output.id = group + strlen (OUTPUT_GROUP);
  if (!cw_profile_is_id (data->output.id))
    return cw_profile_reader_mistake (reader, group, NULL, error,
                                      _ ("“%s” is not a name for an output: it may have small "
                                         "letters, digits and “-”"),
                                      data->output.id);

  data->output.title = cw_profile_reader_get_translated (reader, group, "Name", error);
  if (data->output.title == NULL)
    return FALSE;
  if (has_key (self, group, "Comment") &&
      !(data->output.description =
            cw_profile_reader_get_translated (reader, group, "Comment", error)))
    return FALSE;

  data->output.file_name = cw_profile_reader_get_string (reader, group, "File", error);
  if (data->output.file_name == NULL)
    return FALSE;
  if (!is_file_name (data->output.file_name))
    return cw_profile_reader_mistake (reader, group, "File", error,
                                      _ ("“%s” is not a plain file name"), data->output.file_name);

  return TRUE;
}

static CwProfileOutputData *
add_output (CwProfile *self)
{
  CwProfileOutputData *data = g_new0 (CwProfileOutputData, 1);

  data->settings = g_ptr_array_new ();
  data->sources = g_array_new (FALSE, FALSE, sizeof (CwProfileSource));
  g_ptr_array_add (self->outputs, data);
  return data;
}

static gboolean
read_output (CwProfile *self, const char *group, GError **error)
{
  CwProfileOutputData *data = add_output (self);

  return read_output_type (self, data, group, error) &&
         read_output_texts (self, data, group, error) &&
         read_output_content (self, data, group, error) && read_steps (self, data, group, error);
}

typedef gboolean (*ReadGroup) (CwProfile *, const char *, GError **);

static gboolean
read_groups (CwProfile *self, const char *prefix, ReadGroup read_group, GError **error)
{
  for (guint i = 0; i < cw_profile_reader_get_n_groups (self->reader); i++)
    {
      const char *group = cw_profile_reader_get_group (self->reader, i);

      if (g_str_has_prefix (group, prefix) && !read_group (self, group, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
set_unknown_output (CwProfile *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (guint i = 0; i < self->outputs->len; i++)
    g_ptr_array_add (known, (char *) ((CwProfileOutputData *) self->outputs->pdata[i])->output.id);
  g_ptr_array_add (known, NULL);

  return cw_profile_reader_unknown (self->reader, "Set", "Outputs", id,
                                    (const char *const *) known->pdata, error);
}

/* Two files of a set cannot have one name. */
static gboolean
check_file_names (CwProfile *self, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->outputs->len; i++)
    {
      const CwProfileOutputData *data = self->outputs->pdata[i];

      if (data->output.in_set && !g_hash_table_add (seen, (char *) data->output.file_name))
        return cw_profile_reader_mistake (self->reader, "Set", "Outputs", error,
                                          _ ("two of them have the file “%s”"),
                                          data->output.file_name);
    }

  return TRUE;
}

static gboolean
read_set (CwProfile *self, GError **error)
{
  const char *const known[] = { "Outputs", NULL };
  g_autofree const char **ids = NULL;

  if (!cw_profile_reader_has_group (self->reader, "Set"))
    return TRUE;
  if (!cw_profile_reader_check_keys (self->reader, "Set", known, none, error) ||
      !(ids = cw_profile_reader_get_list (self->reader, "Set", "Outputs", error)))
    return FALSE;

  for (guint i = 0; ids[i] != NULL; i++)
    {
      const CwProfileOutput *output = cw_profile_find_output (self, ids[i]);

      if (output == NULL)
        return set_unknown_output (self, ids[i], error);
      ((CwProfileOutput *) output)->in_set = TRUE;
    }

  return check_file_names (self, error);
}

static gboolean
check_group (CwProfileReader *reader, const char *group, GError **error)
{
  const char *const known[] = { "Profile", "Request", "Test", "Set", "Output", "Setting", NULL };
  g_autofree char *word = g_strndup (group, strcspn (group, " "));
  gboolean has_name = strlen (word) < strlen (group);

  if (!g_strv_contains (known, word))
    return cw_profile_reader_unknown (reader, group, NULL, word, known, error);
  if (has_name != (g_str_equal (word, "Output") || g_str_equal (word, "Setting")))
    return cw_profile_reader_mistake (
        reader, group, NULL, error,
        has_name ? _ ("it takes no name") : _ ("its name is missing, as in “[%s name]”"), word);

  return TRUE;
}

static gboolean
check_groups (CwProfileReader *reader, GError **error)
{
  const char *const needed[] = { "Profile", "Request" };

  for (guint i = 0; i < cw_profile_reader_get_n_groups (reader); i++)
    if (!check_group (reader, cw_profile_reader_get_group (reader, i), error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!cw_profile_reader_has_group (reader, needed[i]))
      return cw_profile_reader_mistake (reader, needed[i], NULL, error, _ ("it is missing"));

  return TRUE;
}

static gboolean
is_used (CwProfile *self, CwProfileSetting *setting)
{
  for (guint i = 0; i < self->outputs->len; i++)
    {
      const CwProfileOutputData *data = self->outputs->pdata[i];

      if (g_ptr_array_find (data->settings, setting, NULL))
        return TRUE;
    }

  return FALSE;
}

static gboolean
check_whole (CwProfile *self, GError **error)
{
  if (self->outputs->len == 0)
    return cw_profile_reader_mistake (self->reader, NULL, NULL, error,
                                      _ ("it has no group “[Output …]”"));

  for (guint i = 0; i < self->settings->len; i++)
    {
      CwProfileSetting *setting = self->settings->pdata[i];
      g_autofree char *group = g_strconcat (SETTING_GROUP, setting->name, NULL);

      if (!is_used (self, setting))
        return cw_profile_reader_mistake (self->reader, group, NULL, error,
                                          _ ("no output has the setting “%s”"), setting->name);
    }

  return TRUE;
}

gboolean
cw_profile_is_id (const char *text)
{
  return text[0] != '-' && is_made_of (text, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

gboolean
cw_profile_fill (CwProfile *self, GError **error)
{
  return check_groups (self->reader, error) && read_about (self, error) &&
         read_request (self, error) && read_test (self, error) &&
         read_groups (self, SETTING_GROUP, read_setting, error) &&
         read_groups (self, OUTPUT_GROUP, read_output, error) && read_set (self, error) &&
         check_whole (self, error);
}
