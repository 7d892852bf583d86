/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-openssl.h"
#include "cw-recipe-private.h"
#include "cw-usage.h"

#define OID_UPN       "1.3.6.1.4.1.311.20.2.3"
#define NAMES_SECTION "names"

/* Puts a "\" before each character that is in @special. */
static char *
escape (const char *text, const char *special)
{
  GString *escaped = g_string_new (NULL);

  for (; *text != '\0'; text++)
    {
      if (strchr (special, *text) != NULL)
        g_string_append_c (escaped, '\\');
      g_string_append_c (escaped, *text);
    }

  return g_string_free (escaped, FALSE);
}

/* As config(5ssl) reads it back. */
static char *
escape_config (const char *value)
{
  return escape (value, "\\\"'`$#");
}

char *
cw_recipe_subject (CwSubject *subject)
{
  const guint n_attributes = cw_subject_get_n_attributes (subject);
  GString *text = g_string_new (n_attributes == 0 ? "/" : NULL);

  for (guint i = 0; i < n_attributes; i++)
    {
      const char *type = cw_subject_get_attribute_type (subject, i);
      const char *value = cw_subject_get_attribute_value (subject, i);
      g_autofree char *country = g_str_equal (type, "C") ? g_ascii_strup (value, -1) : NULL;
      g_autofree char *escaped = escape (country != NULL ? country : value, "\\/+");

      g_string_append_printf (text, "/%s=%s", type, escaped);
    }

  return g_string_free (text, FALSE);
}

static gboolean
is_unknown (CwSubject *subject, guint i)
{
  const char *type = cw_subject_get_attribute_type (subject, i);

  return OBJ_txt2nid (type) == NID_undef;
}

static gboolean
occurs_before (CwSubject *subject, guint i)
{
  const char *type = cw_subject_get_attribute_type (subject, i);

  for (guint j = 0; j < i; j++)
    if (g_str_equal (cw_subject_get_attribute_type (subject, j), type))
      return TRUE;

  return FALSE;
}

char *
cw_recipe_unknown_types (CwSubject *subject)
{
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < cw_subject_get_n_attributes (subject); i++)
    if (is_unknown (subject, i) && !occurs_before (subject, i))
      g_string_append_printf (lines, "type%u = %s\n", i + 1,
                              cw_subject_get_attribute_type (subject, i));
  ERR_clear_error ();

  return g_string_free (lines, lines->len == 0);
}

static gboolean
has_rsa_key (CwRequest *request)
{
  const CwKeyKind kind = cw_request_get_key_kind (request);

  return kind == CW_KEY_KIND_RSA_2048 || kind == CW_KEY_KIND_RSA_3072 ||
         kind == CW_KEY_KIND_RSA_4096;
}

static char *
join_usages (CwRequest *request)
{
  GString *text = g_string_new (NULL);

  for (const char *const *oid = cw_request_get_usages (request); *oid != NULL; oid++)
    {
      const CwUsage *known = cw_usage_find (*oid);

      g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "",
                              known != NULL ? known->id : *oid);
    }

  return g_string_free (text, FALSE);
}

static CwAltName *
get_alt_name (CwRequest *request, guint i)
{
  return g_list_model_get_item (cw_request_get_alt_names (request), i);
}

static const char *
alt_name_type (CwAltName *name)
{
  switch (cw_alt_name_get_kind (name))
    {
    case CW_ALT_NAME_EMAIL:
      return "email";
    case CW_ALT_NAME_DNS:
      return "DNS";
    case CW_ALT_NAME_IP:
      return "IP";
    case CW_ALT_NAME_URI:
      return "URI";
    case CW_ALT_NAME_UPN:
    case CW_ALT_NAME_OTHER:
    case CW_ALT_NAME_UNKNOWN:
    default:
      return "otherName";
    }
}

/* An otherName's text is Latin-1 unless it is said to be UTF-8. */
static char *
other_name_value (const char *oid, gsize oid_length, const char *text)
{
  return g_strdup_printf ("%.*s;%sUTF8:%s", (int) oid_length, oid,
                          g_str_is_ascii (text) ? "" : "FORMAT:UTF8,", text);
}

static char *
alt_name_value (CwAltName *name)
{
  g_autofree char *ascii = cw_alt_name_to_ascii (name, NULL);
  const char *semicolon;

  if (ascii == NULL)
    return g_strdup ("");
  if (cw_alt_name_get_kind (name) == CW_ALT_NAME_UPN)
    return other_name_value (OID_UPN, strlen (OID_UPN), ascii);
  if (cw_alt_name_get_kind (name) != CW_ALT_NAME_OTHER)
    return g_steal_pointer (&ascii);

  semicolon = strchr (ascii, ';');

  return other_name_value (ascii, (gsize) (semicolon - ascii), semicolon + 1);
}

/* NULL if there is one that cannot stand in a list: a comma ends it, and nothing escapes that. */
static char *
list_alt_names (CwRequest *request)
{
  const guint n_names = g_list_model_get_n_items (cw_request_get_alt_names (request));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_names; i++)
    {
      g_autoptr (CwAltName) name = get_alt_name (request, i);
      g_autofree char *value = alt_name_value (name);

      if (strchr (value, ',') != NULL)
        return NULL;
      g_string_append_printf (text, "%s%s:%s", i > 0 ? "," : "", alt_name_type (name), value);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
alt_name_section (CwRequest *request)
{
  const guint n_names = g_list_model_get_n_items (cw_request_get_alt_names (request));
  GString *text = g_string_new ("[" NAMES_SECTION "]\n");

  for (guint i = 0; i < n_names; i++)
    {
      g_autoptr (CwAltName) name = get_alt_name (request, i);
      g_autofree char *value = alt_name_value (name);
      g_autofree char *escaped = escape_config (value);

      g_string_append_printf (text, "%s.%u = %s\n", alt_name_type (name), i + 1, escaped);
    }

  return g_string_free (text, FALSE);
}

static gboolean
has_alt_names (CwRequest *request)
{
  return g_list_model_get_n_items (cw_request_get_alt_names (request)) > 0;
}

static char *
subject_alt_name (CwRequest *request, const char *names)
{
  const gboolean critical = cw_subject_get_n_attributes (cw_request_get_subject (request)) == 0;
  g_autofree char *escaped = escape_config (names);

  return g_strdup_printf ("subjectAltName=%s%s", critical ? "critical," : "", escaped);
}

/* All but the alternative names. */
static void
collect_extensions (CwRequest *request, CwExtensionSet set, GPtrArray *extensions)
{
  const gboolean server = cw_request_has_usage (request, CW_USAGE_SERVER_AUTH);
  g_autofree char *usages = join_usages (request);

  if (set == CW_EXTENSIONS_LEAF)
    g_ptr_array_add (extensions, g_strdup ("basicConstraints=critical,CA:FALSE"));
  g_ptr_array_add (extensions,
                   g_strconcat ("keyUsage=critical,digitalSignature",
                                server && has_rsa_key (request) ? ",keyEncipherment" : NULL, NULL));
  if (*usages != '\0')
    g_ptr_array_add (extensions, g_strconcat ("extendedKeyUsage=", usages, NULL));
}

static void
collect_identifiers (CwExtensionSet set, GPtrArray *extensions)
{
  if (set == CW_EXTENSIONS_ASKED)
    return;

  g_ptr_array_add (extensions, g_strdup ("subjectKeyIdentifier=hash"));
  g_ptr_array_add (extensions, g_strdup ("authorityKeyIdentifier=keyid:always"));
}

static GPtrArray *
collect (CwRequest *request, CwExtensionSet set, const char *names)
{
  GPtrArray *extensions = g_ptr_array_new_with_free_func (g_free);

  if (set == CW_EXTENSIONS_AUTHORITY)
    {
      g_ptr_array_add (extensions, g_strdup ("basicConstraints=critical,CA:TRUE,pathlen:0"));
      g_ptr_array_add (extensions, g_strdup ("keyUsage=critical,keyCertSign,cRLSign"));
    }
  else
    {
      collect_extensions (request, set, extensions);
      if (has_alt_names (request))
        g_ptr_array_add (extensions, subject_alt_name (request, names));
    }
  collect_identifiers (set, extensions);

  return extensions;
}

GStrv
cw_recipe_extensions (CwRequest *request, CwExtensionSet set)
{
  g_autofree char *names = list_alt_names (request);
  g_autoptr (GPtrArray) extensions = NULL;

  if (names == NULL)
    return NULL;

  extensions = collect (request, set, names);
  g_ptr_array_add (extensions, NULL);

  return (GStrv) g_ptr_array_steal (extensions, NULL);
}

char *
cw_recipe_extension_lines (CwRequest *request, CwExtensionSet set)
{
  g_autofree char *names = list_alt_names (request);
  g_autoptr (GPtrArray) extensions =
      collect (request, set, names != NULL ? names : "@" NAMES_SECTION);
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < extensions->len; i++)
    g_string_append_printf (lines, "%s\n", (char *) g_ptr_array_index (extensions, i));
  if (names == NULL && set != CW_EXTENSIONS_AUTHORITY)
    {
      g_autofree char *section = alt_name_section (request);

      g_string_append (lines, section);
    }

  return g_string_free (lines, FALSE);
}
