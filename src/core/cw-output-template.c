/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-endpoint.h"
#include "cw-error.h"
#include "cw-output-content.h"
#include "cw-template.h"

#define FILE_PREFIX "file:"
#define CURL_PREFIX "curl-file:"

/* What a placeholder may name, beside sources and files. */
static const char *const value_names[] = { "address", "host",    "port",        "path",
                                           "topic",   "payload", "common-name", NULL };
static const char *const condition_names[] = { "address", "host",        "port",   "path", "topic",
                                               "payload", "common-name", "verify", NULL };

/* One filling in of a template. */
typedef struct
{
  CwProfile *profile;
  const CwProfileOutputData *output;
  const CwOutputContent *content;
  const CwTemplate *template;
  CwEndpoint *address;
  CwSecretBuilder *builder;
  gsize length;
  GArray *fields;
} Filling;

/* Where a value was written. */
typedef struct
{
  const char *name;
  gsize start;
  gsize length;
} Field;

static int
find_source (const char *name)
{
  for (int i = 0; cw_profile_pem_ids[i] != NULL; i++)
    if (g_str_equal (cw_profile_pem_ids[i], name))
      return i;

  return -1;
}

static gboolean
has_source (const CwProfileOutputData *output, int source)
{
  for (guint i = 0; i < output->sources->len; i++)
    if ((int) g_array_index (output->sources, CwProfileSource, i) == source)
      return TRUE;

  return FALSE;
}

/* Returns: (nullable): the output that a placeholder names as a file */
static const char *
get_file_id (const char *name)
{
  if (g_str_has_prefix (name, FILE_PREFIX))
    return name + strlen (FILE_PREFIX);
  return g_str_has_prefix (name, CURL_PREFIX) ? name + strlen (CURL_PREFIX) : NULL;
}

static CwTemplate *
read_template (CwProfile *profile, const CwProfileOutputData *output, GError **error)
{
  g_autofree char *path =
      g_build_filename (cw_profile_get_folder (profile), output->template, NULL);

  return cw_template_new (path, error);
}

/* Checking */

static gboolean
set_unknown (const CwTemplate *template,
             const CwTemplateLine *line,
             const char *name,
             const char *const *known,
             GError **error)
{
  const char *nearest = cw_profile_find_nearest (name, known);

  if (nearest == NULL)
    nearest = cw_profile_find_nearest (name, cw_profile_pem_ids);
  if (nearest != NULL)
    return cw_profile_set_mistake (error, template->path, line->number,
                                   _ ("“%s” is not known; “%s” was probably meant"), name, nearest);
  return cw_profile_set_mistake (error, template->path, line->number, _ ("“%s” is not known"),
                                 name);
}

static gboolean
check_file (CwProfile *profile,
            const CwTemplate *template,
            const CwTemplateLine *line,
            const char *id,
            GError **error)
{
  const CwProfileOutput *output = cw_profile_find_output (profile, id);

  return (output != NULL && output->in_set) ||
         cw_profile_set_mistake (error, template->path, line->number,
                                 _ ("there is no output “%s” in the group “Set”"), id);
}

static gboolean
check_source (const CwTemplate *template,
              const CwProfileOutputData *output,
              const CwTemplateLine *line,
              int source,
              GError **error)
{
  const char *name = cw_profile_pem_ids[source];

  if (!has_source (output, source))
    return cw_profile_set_mistake (error, template->path, line->number,
                                   _ ("“%s” is not among the “Sources” of the output “%s”"), name,
                                   output->output.id);
  if (output->language == CW_LANGUAGE_MOSQUITTO)
    return cw_profile_set_mistake (error, template->path, line->number,
                                   _ ("“%s” has several lines, which the language cannot say"),
                                   name);
  if (cw_language_has_blocks (output->language) && line->pieces->len > 1)
    return cw_profile_set_mistake (error, template->path, line->number,
                                   _ ("“%s” has to be in a line of its own"), name);

  return TRUE;
}

static gboolean
check_placeholder (CwProfile *profile,
                   const CwTemplate *template,
                   const CwProfileOutputData *output,
                   const CwTemplateLine *line,
                   const char *name,
                   GError **error)
{
  const int source = find_source (name);

  if (get_file_id (name) != NULL)
    return check_file (profile, template, line, get_file_id (name), error);
  if (source >= 0)
    return check_source (template, output, line, source, error);
  if (!g_strv_contains (value_names, name))
    return set_unknown (template, line, name, value_names, error);

  return cw_profile_get_test_topic (profile) != NULL ||
         !(g_str_equal (name, "topic") || g_str_equal (name, "payload")) ||
         cw_profile_set_mistake (error, template->path, line->number,
                                 _ ("the profile has no “%s” in the group “Test”"), name);
}

static gboolean
check_condition (CwProfile *profile,
                 const CwTemplate *template,
                 const CwTemplateLine *line,
                 const char *name,
                 GError **error)
{
  if (get_file_id (name) != NULL)
    return check_file (profile, template, line, get_file_id (name), error);

  return find_source (name) >= 0 || g_strv_contains (condition_names, name) ||
         set_unknown (template, line, name, condition_names, error);
}

/* A value that has a line break would end the comment. */
static gboolean
check_comment (const CwTemplate *template,
               const CwProfileOutputData *output,
               const CwTemplateLine *line,
               GError **error)
{
  const CwTemplatePiece *first =
      line->pieces->len > 1 ? &g_array_index (line->pieces, CwTemplatePiece, 0) : NULL;

  return first == NULL || first->text == NULL ||
         !cw_language_is_comment (output->language, first->text) ||
         cw_profile_set_mistake (error, template->path, line->number,
                                 _ ("a comment has a placeholder"));
}

static gboolean
check_line (CwProfile *profile,
            const CwTemplate *template,
            const CwProfileOutputData *output,
            const CwTemplateLine *line,
            GError **error)
{
  for (guint i = 0; i < line->conditions->len; i++)
    if (!check_condition (profile, template, line,
                          g_array_index (line->conditions, CwTemplateCondition, i).name, error))
      return FALSE;
  for (guint i = 0; i < line->pieces->len; i++)
    {
      const CwTemplatePiece *piece = &g_array_index (line->pieces, CwTemplatePiece, i);

      if (piece->name != NULL &&
          !check_placeholder (profile, template, output, line, piece->name, error))
        return FALSE;
    }

  return check_comment (template, output, line, error);
}

static gboolean
uses (const CwTemplate *template, const char *name)
{
  for (guint i = 0; i < template->lines->len; i++)
    {
      const CwTemplateLine *line = template->lines->pdata[i];

      for (guint j = 0; j < line->pieces->len; j++)
        if (g_strcmp0 (g_array_index (line->pieces, CwTemplatePiece, j).name, name) == 0)
          return TRUE;
    }

  return FALSE;
}

static gboolean
check_template (CwProfile *profile,
                const CwTemplate *template,
                const CwProfileOutputData *output,
                GError **error)
{
  for (guint i = 0; i < template->lines->len; i++)
    if (!check_line (profile, template, output, template->lines->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < output->sources->len; i++)
    {
      const char *name = cw_profile_pem_ids[g_array_index (output->sources, CwProfileSource, i)];

      if (!uses (template, name))
        return cw_profile_set_mistake (
            error, template->path, 0,
            _ ("it does not use “%s”, which is among the “Sources” of the output “%s”"), name,
            output->output.id);
    }

  return TRUE;
}

/* Filling in */

static gboolean
take_address (Filling *self, GError **error)
{
  const char *address = self->content->values->address;

  if (address != NULL)
    self->address = cw_output_read_address (self->profile, address, error);
  return address == NULL || self->address != NULL;
}

static char *
dup_address_part (Filling *self, const char *name)
{
  if (self->address == NULL)
    return NULL;
  if (g_str_equal (name, "host"))
    return g_strdup (cw_endpoint_get_host (self->address));
  if (g_str_equal (name, "port"))
    return g_strdup_printf ("%u", cw_endpoint_get_port (self->address));
  if (g_str_equal (name, "path"))
    return g_strdup (cw_endpoint_get_path (self->address));

  return g_strdup (cw_endpoint_to_string (self->address));
}

/* curl's --cert takes what follows a colon for a passphrase (curl(1)). */
static char *
escape_for_curl (const char *path)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *p = path; *p != '\0'; p++)
    {
      if (*p == ':' || *p == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *p);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_file (Filling *self, const char *id, gboolean for_curl)
{
  GHashTable *files = self->content->values->files;
  const CwProfileOutput *output = cw_profile_find_output (self->profile, id);
  const char *path = files ? g_hash_table_lookup (files, id) : NULL;

  if (!cw_output_content_has_output (self->content,
                                     cw_profile_get_output_data (self->profile, output)))
    return NULL;
  if (path == NULL)
    path = output->file_name;
  return for_curl ? escape_for_curl (path) : g_strdup (path);
}

/* NULL if there is nothing to say. */
static CwSecret *
get_value (Filling *self, const char *name)
{
  const int source = find_source (name);
  GPtrArray *chain = self->content->chain;
  g_autofree char *text = NULL;

  if (source >= 0)
    return cw_output_content_get_pem (self->content, source);

  if (get_file_id (name) != NULL)
    text = dup_file (self, get_file_id (name), g_str_has_prefix (name, CURL_PREFIX));
  else if (g_str_equal (name, "common-name"))
    text = chain ? g_strdup (cw_certificate_get_title (chain->pdata[0])) : NULL;
  else if (g_str_equal (name, "topic"))
    text = g_strdup (cw_profile_get_test_topic (self->profile));
  else if (g_str_equal (name, "payload"))
    text = g_strdup (cw_profile_get_test_payload (self->profile));
  else
    text = dup_address_part (self, name);

  return text ? cw_secret_new (text, -1) : NULL;
}

static gboolean
is_wanted (Filling *self, const CwTemplateLine *line)
{
  for (guint i = 0; i < line->conditions->len; i++)
    {
      const CwTemplateCondition *condition =
          &g_array_index (line->conditions, CwTemplateCondition, i);
      g_autoptr (CwSecret) value = NULL;
      gboolean present = self->content->values->verify_server;

      if (!g_str_equal (condition->name, "verify"))
        {
          value = get_value (self, condition->name);
          present = value != NULL;
        }
      if (present != condition->present)
        return FALSE;
    }

  return TRUE;
}

static gboolean
set_nothing (Filling *self, const CwTemplateLine *line, const char *name, GError **error)
{
  /* Without certificate there is nothing for anything. */
  if (self->content->chain == NULL ||
      (find_source (name) == CW_PROFILE_SOURCE_PRIVATE_KEY && self->content->key == NULL))
    return cw_output_set_empty (&self->output->output, error);

  return cw_profile_set_mistake (error, self->template->path, line->number,
                                 _ ("there is nothing for “{{%s}}” now, so the line has to begin "
                                    "with “{{?%s}}”"),
                                 name, name);
}

/* PEM as it is has its last line break from the template. */
static CwSecret *
encode (Filling *self, const char *name, CwSecret *value, GError **error)
{
  const char *text = cw_secret_peek (value);
  gsize length = cw_secret_get_length (value);

  if (find_source (name) < 0 || !cw_language_has_blocks (self->output->language))
    return cw_quote (self->output->language, text, (gssize) length, error);
  if (length > 0 && text[length - 1] == '\n')
    length--;
  return cw_secret_new (text, (gssize) length);
}

static void
append (Filling *self, const char *text, gsize length)
{
  cw_secret_builder_append (self->builder, text, (gssize) length);
  self->length += length;
}

static gboolean
fill_placeholder (Filling *self, const CwTemplateLine *line, const char *name, GError **error)
{
  g_autoptr (CwSecret) value = get_value (self, name);
  g_autoptr (CwSecret) encoded = NULL;
  Field field = { name, self->length, 0 };

  if (value == NULL)
    return set_nothing (self, line, name, error);
  encoded = encode (self, name, value, error);
  if (encoded == NULL)
    return FALSE;

  field.length = cw_secret_get_length (encoded);
  g_array_append_val (self->fields, field);
  append (self, cw_secret_peek (encoded), field.length);
  return TRUE;
}

static gboolean
fill_line (Filling *self, const CwTemplateLine *line, GError **error)
{
  for (guint i = 0; i < line->pieces->len; i++)
    {
      const CwTemplatePiece *piece = &g_array_index (line->pieces, CwTemplatePiece, i);

      if (piece->name == NULL)
        append (self, piece->text, strlen (piece->text));
      else if (!fill_placeholder (self, line, piece->name, error))
        return FALSE;
    }
  append (self, "\n", 1);

  return TRUE;
}

/* What the language's reader makes of the field; PEM as it is for OpenSSL. */
static CwSecret *
decode (Filling *self, const Field *field, CwSecret *text)
{
  const char *start = cw_secret_peek (text) + field->start;

  if (find_source (field->name) < 0 || !cw_language_has_blocks (self->output->language))
    return cw_unquote (self->output->language, start, (gssize) field->length);
  return cw_secret_new (start, (gssize) field->length + 1); /* and its line break */
}

static gboolean
is_equal (Filling *self, const Field *field, CwSecret *text)
{
  const int source = find_source (field->name);
  g_autoptr (CwSecret) found = decode (self, field, text);
  g_autoptr (CwSecret) wanted = NULL;

  if (found == NULL)
    return FALSE;
  if (source >= 0)
    return cw_output_content_is (self->content, source, found);
  wanted = get_value (self, field->name);
  return wanted != NULL && cw_secret_equal (wanted, found);
}

static gboolean
check_text (Filling *self, CwSecret *text, GError **error)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      const Field *field = &g_array_index (self->fields, Field, i);

      if (!is_equal (self, field, text))
        return cw_output_set_different (&self->output->output, field->name, error);
    }

  return TRUE;
}

static void
filling_clear (Filling *self)
{
  g_clear_pointer (&self->address, cw_endpoint_unref);
  g_clear_pointer (&self->builder, cw_secret_builder_free);
  g_clear_pointer (&self->fields, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filling, filling_clear)

static CwSecret *
fill (Filling *self, GError **error)
{
  g_autoptr (CwSecret) text = NULL;

  self->builder = cw_secret_builder_new ();
  self->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  for (guint i = 0; i < self->template->lines->len; i++)
    {
      const CwTemplateLine *line = self->template->lines->pdata[i];

      if (is_wanted (self, line) && !fill_line (self, line, error))
        return NULL;
    }

  text = cw_secret_builder_end (g_steal_pointer (&self->builder));
  return check_text (self, text, error) ? g_steal_pointer (&text) : NULL;
}

CwSecret *
cw_output_render_template (CwProfile *profile,
                           const CwProfileOutputData *output,
                           const CwOutputContent *content,
                           GError **error)
{
  g_autoptr (CwTemplate) template = read_template (profile, output, error);
  g_auto (Filling)
      filling = { .profile = profile, .output = output, .content = content, .template = template };

  return template != NULL && check_template (profile, template, output, error) &&
                 take_address (&filling, error)
             ? fill (&filling, error)
             : NULL;
}

CwEndpoint *
cw_output_read_address (CwProfile *profile, const char *address, GError **error)
{
  const char *const *schemes;
  g_autoptr (CwEndpoint) endpoint = NULL;
  CwScheme scheme = CW_SCHEME_HTTPS;

  g_return_val_if_fail (CW_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  schemes = cw_profile_get_test_schemes (profile);
  cw_scheme_from_name (schemes[0], &scheme);
  endpoint = cw_endpoint_new (address, scheme, error);
  if (endpoint == NULL ||
      g_strv_contains (schemes, cw_scheme_get_name (cw_endpoint_get_scheme (endpoint))))
    return g_steal_pointer (&endpoint);

  g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
               /* Translators: an address, the name of a consumer, "https" */
               _ ("“%s” is not an address for %s. Write one that begins with %s://."),
               cw_endpoint_to_string (endpoint), cw_profile_get_short_name (profile), schemes[0]);
  return NULL;
}

gboolean
cw_output_check_template (CwProfile *profile, const CwProfileOutputData *output, GError **error)
{
  g_autoptr (CwTemplate) template = read_template (profile, output, error);

  return template != NULL && check_template (profile, template, output, error);
}

gboolean
cw_profile_check_templates (CwProfile *self, GError **error)
{
  g_return_val_if_fail (CW_IS_PROFILE (self), FALSE);

  for (guint i = 0; i < cw_profile_get_n_outputs (self); i++)
    {
      const CwProfileOutputData *output =
          cw_profile_get_output_data (self, cw_profile_get_output (self, i));

      if (output->template != NULL && !cw_output_check_template (self, output, error))
        return FALSE;
    }

  return TRUE;
}
