/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-output-private.h"
#include "cw-profile-private.h"
#include "cw-text.h"
#include "cw-yaml.h"

#define BULLET           "•"
#define MAX_NAME_IN_LINE 100

/* What goes in, in the form in which it is written. */
typedef struct
{
  CwKey *key;
  CwSecret *key_pem;
  GPtrArray *chain;
  GPtrArray *server_cas;
  gboolean verify_server;
} Content;

static void
content_clear (Content *content)
{
  g_clear_pointer (&content->key, cw_key_unref);
  g_clear_pointer (&content->key_pem, cw_secret_unref);
  g_clear_pointer (&content->chain, g_ptr_array_unref);
  g_clear_pointer (&content->server_cas, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Content, content_clear)

/* A server has its root already; only a certificate that is its own root is sent. */
static GPtrArray *
list_without_root (CwChain *chain)
{
  GPtrArray *list =
      g_ptr_array_copy (cw_chain_get_certificates (chain), (GCopyFunc) (void *) g_object_ref, NULL);

  g_ptr_array_set_free_func (list, g_object_unref);
  if (list->len > 1 && cw_certificate_is_self_signed (list->pdata[list->len - 1]))
    g_ptr_array_set_size (list, list->len - 1);

  return list;
}

/* The key is written anew, so that it is PKCS#8 without a passphrase whatever came in. */
static gboolean
content_init (Content *content, const CwOutputValues *values, GError **error)
{
  content->verify_server = values->verify_server;
  if (values->chain != NULL)
    content->chain = list_without_root (values->chain);

  if (values->key != NULL)
    {
      content->key = cw_key_new_from_pem (values->key, NULL, error);
      if (content->key == NULL)
        return FALSE;
      content->key_pem = cw_key_to_pem (content->key, error);
      if (content->key_pem == NULL)
        return FALSE;
    }

  if (values->server_cas != NULL)
    {
      content->server_cas = cw_certificates_from_pem (values->server_cas, error);
      if (content->server_cas == NULL)
        return FALSE;
      if (content->server_cas->len == 0)
        g_clear_pointer (&content->server_cas, g_ptr_array_unref);
    }

  return TRUE;
}

static gboolean
check_pair (const Content *content, GError **error)
{
  CwCertificate *leaf;
  g_autofree char *title = NULL;

  if (content->key == NULL || content->chain == NULL)
    return TRUE;

  leaf = content->chain->pdata[0];
  if (g_str_equal (cw_key_get_fingerprint (content->key),
                   cw_certificate_get_key_fingerprint (leaf)))
    return TRUE;

  title = cw_text_clean (cw_certificate_get_title (leaf));
  g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
               _ ("The private key and the certificate of “%s” do not belong together. Import the "
                  "certificate that was issued for this key."),
               title);
  return FALSE;
}

/* NULL if there is nothing to write for it. */
static CwYamlEntry *
make_entry (const CwProfileSetting *setting, const Content *content)
{
  g_autofree char *pem = NULL;

  switch (setting->source)
    {
    case CW_PROFILE_SOURCE_PRIVATE_KEY:
      return content->key_pem ? cw_yaml_entry_new (setting->name, NULL, content->key_pem) : NULL;

    case CW_PROFILE_SOURCE_CERTIFICATE_CHAIN:
      pem = content->chain ? cw_certificates_to_pem (content->chain) : NULL;
      return pem ? cw_yaml_entry_new (setting->name, pem, NULL) : NULL;

    case CW_PROFILE_SOURCE_SERVER_CAS:
      pem = content->server_cas ? cw_certificates_to_pem (content->server_cas) : NULL;
      return pem ? cw_yaml_entry_new (setting->name, pem, NULL) : NULL;

    case CW_PROFILE_SOURCE_VERIFY:
      return cw_yaml_entry_new (setting->name, content->verify_server ? setting->on : setting->off,
                                NULL);

    default:
      g_return_val_if_reached (NULL);
    }
}

static GPtrArray *
make_entries (GPtrArray *settings, const Content *content)
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
make_comment (CwProfile *profile, GPtrArray *settings, const Content *content)
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

static gboolean
equal_certificates (GPtrArray *certificates, const char *pem)
{
  g_autoptr (GPtrArray) found = cw_certificates_from_pem (pem, NULL);

  if (found == NULL || found->len != certificates->len)
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    if (!cw_certificate_equal (found->pdata[i], certificates->pdata[i]))
      return FALSE;

  return TRUE;
}

static gboolean
equal_key (const Content *content, CwSecret *pem)
{
  g_autoptr (CwKey) key = pem ? cw_key_new_from_pem (pem, NULL, NULL) : NULL;

  return key != NULL && cw_secret_equal (pem, content->key_pem) &&
         g_str_equal (cw_key_get_fingerprint (key), cw_key_get_fingerprint (content->key));
}

/* Whether OpenSSL reads from @found what @setting has to say. */
static gboolean
equal_meaning (const CwProfileSetting *setting, const CwYamlEntry *found, const Content *content)
{
  if (setting->source == CW_PROFILE_SOURCE_PRIVATE_KEY)
    return equal_key (content, found->secret);
  if (found->value == NULL)
    return FALSE;

  switch (setting->source)
    {
    case CW_PROFILE_SOURCE_CERTIFICATE_CHAIN:
      return equal_certificates (content->chain, found->value);
    case CW_PROFILE_SOURCE_SERVER_CAS:
      return equal_certificates (content->server_cas, found->value);
    case CW_PROFILE_SOURCE_VERIFY:
      return g_str_equal (found->value, content->verify_server ? setting->on : setting->off);
    case CW_PROFILE_SOURCE_PRIVATE_KEY:
    default:
      return FALSE;
    }
}

static gboolean
equal_entry (const CwProfileSetting *setting,
             const CwYamlEntry *wanted,
             const CwYamlEntry *found,
             const Content *content)
{
  return g_str_equal (found->name, wanted->name) && g_strcmp0 (found->value, wanted->value) == 0 &&
         equal_meaning (setting, found, content);
}

static gboolean
set_different (GError **error, const CwProfileOutput *output, const char *setting)
{
  g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
               /* Translators: the title of what was to be shown, and the name of a setting. */
               _ ("“%s” cannot be shown: what was written does not read back as what went in, at "
                  "“%s”. Start Certwright again; if it happens again, report it."),
               output->title, setting);
  return FALSE;
}

static gboolean
compare_entries (const CwProfileOutput *output,
                 GPtrArray *settings,
                 GPtrArray *found,
                 const Content *content,
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
        return set_different (error, output, setting->name);
      n++;
    }
  if (n < found->len)
    return set_different (error, output, ((const CwYamlEntry *) found->pdata[n])->name);

  return TRUE;
}

static gboolean
check_text (const CwProfileOutput *output,
            GPtrArray *settings,
            const Content *content,
            CwSecret *text,
            GError **error)
{
  g_autoptr (GPtrArray) found = cw_yaml_read (text, error);

  return found != NULL && check_pair (content, error) &&
         compare_entries (output, settings, found, content, error);
}

CwSecret *
cw_output_render (CwProfile *profile,
                  const CwProfileOutput *output,
                  const CwOutputValues *values,
                  GError **error)
{
  g_auto (Content) content = { 0 };
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree char *comment = NULL;
  g_autoptr (CwSecret) text = NULL;
  GPtrArray *settings;

  g_return_val_if_fail (CW_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (output != NULL, NULL);
  g_return_val_if_fail (values != NULL, NULL);

  settings = cw_profile_get_output_data (profile, output)->settings;
  if (!content_init (&content, values, error) || !check_pair (&content, error))
    return NULL;

  entries = make_entries (settings, &content);
  if (entries->len == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
                   _ ("There is nothing yet to put into “%s”: it needs the private key or the "
                      "certificate."),
                   output->title);
      return NULL;
    }

  comment = make_comment (profile, settings, &content);
  text = cw_yaml_write (comment, entries, error);
  if (text == NULL || !check_text (output, settings, &content, text, error))
    return NULL;

  return g_steal_pointer (&text);
}

GArray *
cw_output_get_spans (CwSecret *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return cw_yaml_get_spans (text);
}

CwSecret *
cw_output_mask (CwSecret *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return cw_yaml_mask (text, BULLET);
}

gboolean
cw_output_check (CwProfile *profile,
                 const CwProfileOutput *output,
                 const CwOutputValues *values,
                 CwSecret *text,
                 GError **error)
{
  g_auto (Content) content = { 0 };

  g_return_val_if_fail (CW_IS_PROFILE (profile), FALSE);
  g_return_val_if_fail (output != NULL, FALSE);
  g_return_val_if_fail (values != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  return content_init (&content, values, error) &&
         check_text (output, cw_profile_get_output_data (profile, output)->settings, &content, text,
                     error);
}
