/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-output-content.h"
#include "cw-text.h"
#include "cw-yaml.h"

#define MAX_NAME_IN_LINE 100

/* NULL if there is nothing to write for it. */
static CwYamlEntry *
make_entry (const CwProfileSetting *setting, const CwOutputContent *content)
{
  g_autoptr (CwSecret) pem = NULL;

  if (setting->source == CW_PROFILE_SOURCE_VERIFY)
    return cw_yaml_entry_new (setting->name,
                              content->values->verify_server ? setting->on : setting->off, NULL);

  pem = cw_output_content_get_pem (content, setting->source);
  if (pem == NULL)
    return NULL;
  return setting->source == CW_PROFILE_SOURCE_PRIVATE_KEY
             ? cw_yaml_entry_new (setting->name, NULL, pem)
             : cw_yaml_entry_new (setting->name, cw_secret_peek (pem), NULL);
}

static GPtrArray *
make_entries (GPtrArray *settings, const CwOutputContent *content)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) cw_yaml_entry_free);

  for (guint i = 0; i < settings->len; i++)
    {
      CwYamlEntry *entry = make_entry (settings->pdata[i], content);

      if (entry != NULL)
        g_ptr_array_add (entries, entry);
    }

  return entries;
}

static gboolean
has_source (GPtrArray *settings, CwProfileSource source)
{
  for (guint i = 0; i < settings->len; i++)
    if (((const CwProfileSetting *) settings->pdata[i])->source == source)
      return TRUE;

  return FALSE;
}

static char *
shorten (const char *text)
{
  g_autofree char *clean = cw_text_clean (text);

  if (g_utf8_strlen (clean, -1) > MAX_NAME_IN_LINE)
    {
      g_autofree char *start = g_utf8_substring (clean, 0, MAX_NAME_IN_LINE);

      return g_strconcat (start, "…", NULL);
    }

  return g_steal_pointer (&clean);
}

/* Whose it is and until when: the text may be found again a year later. */
static char *
make_comment (CwProfile *profile, GPtrArray *settings, const CwOutputContent *content)
{
  g_autofree char *consumer = shorten (cw_profile_get_short_name (profile));
  g_autofree char *name = NULL;
  g_autofree char *until = NULL;

  if (content->chain == NULL)
    /* Translators: a comment above settings; the consumer, as in "PlaceOS". */
    return g_strdup_printf (_ ("For %s"), consumer);

  name = shorten (cw_certificate_get_title (content->chain->pdata[0]));
  until = g_date_time_format (cw_certificate_get_not_after (content->chain->pdata[0]), "%Y-%m-%d");
  if (has_source (settings, CW_PROFILE_SOURCE_CERTIFICATE_CHAIN))
    /* Translators: a comment above settings: whose certificate, the consumer, a date. */
    return g_strdup_printf (_ ("Certificate of %s for %s, valid until %s"), name, consumer, until);

  /* Translators: the same above settings that have the private key alone. */
  return g_strdup_printf (_ ("Private key of %s for %s, certificate valid until %s"), name,
                          consumer, until);
}

/* Whether OpenSSL reads from @found what @setting has to say. */
static gboolean
equal_meaning (const CwProfileSetting *setting,
               const CwYamlEntry *found,
               const CwOutputContent *content)
{
  g_autoptr (CwSecret) text = NULL;

  if (setting->source == CW_PROFILE_SOURCE_PRIVATE_KEY)
    return found->secret != NULL && cw_output_content_is (content, setting->source, found->secret);
  if (found->value == NULL)
    return FALSE;
  if (setting->source == CW_PROFILE_SOURCE_VERIFY)
    return g_str_equal (found->value, content->values->verify_server ? setting->on : setting->off);

  text = cw_secret_new (found->value, -1);
  return cw_output_content_is (content, setting->source, text);
}

static gboolean
equal_entry (const CwProfileSetting *setting,
             const CwYamlEntry *wanted,
             const CwYamlEntry *found,
             const CwOutputContent *content)
{
  return g_str_equal (found->name, wanted->name) && g_strcmp0 (found->value, wanted->value) == 0 &&
         equal_meaning (setting, found, content);
}

static gboolean
compare_entries (const CwProfileOutput *output,
                 GPtrArray *settings,
                 GPtrArray *found,
                 const CwOutputContent *content,
                 GError **error)
{
  guint n = 0;

  for (guint i = 0; i < settings->len; i++)
    {
      const CwProfileSetting *setting = settings->pdata[i];
      g_autoptr (CwYamlEntry) wanted = make_entry (setting, content);

      if (wanted == NULL)
        continue;
      if (n == found->len || !equal_entry (setting, wanted, found->pdata[n], content))
        return cw_output_set_different (output, setting->name, error);
      n++;
    }
  if (n < found->len)
    return cw_output_set_different (output, ((const CwYamlEntry *) found->pdata[n])->name, error);

  return TRUE;
}

CwSecret *
cw_output_render_yaml (CwProfile *profile,
                       const CwProfileOutputData *output,
                       const CwOutputContent *content,
                       GError **error)
{
  g_autoptr (GPtrArray) entries = make_entries (output->settings, content);
  g_autofree char *comment = NULL;
  g_autoptr (CwSecret) text = NULL;

  if (entries->len == 0)
    {
      cw_output_set_empty (&output->output, error);
      return NULL;
    }

  comment = make_comment (profile, output->settings, content);
  text = cw_yaml_write (comment, entries, error);
  return text != NULL && cw_output_check_yaml (output, content, text, error)
             ? g_steal_pointer (&text)
             : NULL;
}

gboolean
cw_output_check_yaml (const CwProfileOutputData *output,
                      const CwOutputContent *content,
                      CwSecret *text,
                      GError **error)
{
  g_autoptr (GPtrArray) found = cw_yaml_read (text, error);

  return found != NULL &&
         compare_entries (&output->output, output->settings, found, content, error);
}
