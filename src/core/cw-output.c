/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-export.h"
#include "cw-output-content.h"
#include "cw-output-private.h"
#include "cw-yaml.h"

#define BULLET      "•"
#define PEM_BEGIN   "-----BEGIN "
#define PEM_END     "-----END "
#define PRIVATE_KEY "PRIVATE KEY-----"

/* The certificates of all of an output's sources, in order. */
static GPtrArray *
collect_certificates (const CwProfileOutputData *output, const CwOutputContent *content)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < output->sources->len; i++)
    {
      g_autoptr (GPtrArray) certificates = cw_output_content_get_certificates (
          content, g_array_index (output->sources, CwProfileSource, i));

      for (guint j = 0; certificates != NULL && j < certificates->len; j++)
        g_ptr_array_add (all, g_object_ref (certificates->pdata[j]));
    }

  return all;
}

/* Nobody asks for a key where none is to be. */
static gboolean
has_key (const CwProfileOutputData *output, const CwOutputContent *content, CwSecret *text)
{
  g_autoptr (CwKey) key = NULL;

  if (!output->output.secret || content->key == NULL)
    return strstr (cw_secret_peek (text), PRIVATE_KEY) == NULL;

  key = cw_key_new_from_pem (text, NULL, NULL);
  return key != NULL &&
         g_str_equal (cw_key_get_fingerprint (key), cw_key_get_fingerprint (content->key));
}

static gboolean
check_pem (const CwProfileOutputData *output,
           const CwOutputContent *content,
           CwSecret *text,
           GError **error)
{
  g_autoptr (GPtrArray) certificates = collect_certificates (output, content);

  return (has_key (output, content, text) &&
          cw_certificates_are_in_pem (certificates, cw_secret_peek (text))) ||
         cw_output_set_different (&output->output, output->output.file_name, error);
}

static void
set_empty_pem (const CwProfileOutputData *output, const CwOutputContent *content, GError **error)
{
  if (content->chain == NULL || output->output.secret)
    cw_output_set_empty (&output->output, error);
  else
    g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                 /* Translators: the title of an output, as in "CAs of the Server"; then why */
                 _ ("“%s” is empty. %s"), output->output.title,
                 cw_output_content_explain_none (output));
}

static CwSecret *
render_pem (const CwProfileOutputData *output, const CwOutputContent *content, GError **error)
{
  g_autoptr (CwSecretBuilder) builder = cw_secret_builder_new ();
  g_autoptr (CwSecret) text = NULL;

  for (guint i = 0; i < output->sources->len; i++)
    {
      g_autoptr (CwSecret) pem =
          cw_output_content_get_pem (content, g_array_index (output->sources, CwProfileSource, i));

      if (pem != NULL)
        cw_secret_builder_append (builder, cw_secret_peek (pem),
                                  (gssize) cw_secret_get_length (pem));
    }

  text = cw_secret_builder_end (g_steal_pointer (&builder));
  if (cw_secret_get_length (text) == 0)
    {
      set_empty_pem (output, content, error);
      return NULL;
    }
  return check_pem (output, content, text, error) ? g_steal_pointer (&text) : NULL;
}

/* They read back by themselves what they wrote. */
static CwSecret *
render_encrypted (const CwProfileOutputData *output, const CwOutputContent *content, GError **error)
{
  const CwOutputValues *values = content->values;
  const gboolean is_pkcs12 = output->output.type == CW_PROFILE_OUTPUT_PKCS12;
  const char *name = values->chain ? cw_certificate_get_title (content->chain->pdata[0]) : NULL;
  g_autoptr (GBytes) der = NULL;

  if (content->key_pem == NULL || (is_pkcs12 && values->chain == NULL))
    {
      cw_output_set_empty (&output->output, error);
      return NULL;
    }
  if (values->passphrase == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED,
                   _ ("“%s” needs a passphrase. Choose one."), output->output.title);
      return NULL;
    }
  if (!is_pkcs12)
    return cw_export_encrypted_key (content->key_pem, values->passphrase, error);

  der = output->output.weak ? cw_export_pkcs12_old (content->key_pem, values->chain, FALSE, name,
                                                    values->passphrase, error)
                            : cw_export_pkcs12 (content->key_pem, values->chain, FALSE, name,
                                                values->passphrase, error);
  return der ? cw_secret_new (g_bytes_get_data (der, NULL), (gssize) g_bytes_get_size (der)) : NULL;
}

static void
append_span (GArray *spans, const char *text, const char *start, const char *end, int style)
{
  CwOutputSpan span = { (gsize) (start - text), (gsize) (end - text), style };

  g_array_append_val (spans, span);
}

/* A block of PEM, from its first line's dashes to its last's; where it goes on. */
static const char *
append_block (GArray *spans, const char *text, const char *line)
{
  const char *label_end = strstr (line + strlen (PEM_BEGIN), "-----");
  const char *last = label_end ? strstr (label_end, PEM_END) : NULL;
  const char *end = last ? strstr (last + strlen (PEM_END), "-----") : NULL;
  gboolean secret;

  if (end == NULL)
    return line + strcspn (line, "\n");
  secret = label_end - line >= (gssize) strlen ("PRIVATE KEY") &&
           g_str_has_prefix (label_end - strlen ("PRIVATE KEY"), PRIVATE_KEY);
  end += strlen ("-----");
  append_span (spans, text, line, end, secret ? CW_OUTPUT_SECRET : CW_OUTPUT_VALUE);
  return end;
}

/* Comments, and PEM wherever it is in a line. */
static GArray *
find_spans (const CwProfileOutputData *output, const char *text)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (CwOutputSpan));
  const char *line = text;

  while (*line != '\0')
    {
      const char *end = line + strcspn (line, "\n");
      const char *begin = g_strstr_len (line, end - line, PEM_BEGIN);

      if (cw_language_is_comment (output->language, line))
        append_span (spans, text, line, end, CW_OUTPUT_COMMENT);
      else if (begin != NULL)
        end = append_block (spans, text, begin);
      line = end + (*end == '\n');
    }

  return spans;
}

CwSecret *
cw_output_render (CwProfile *profile,
                  const CwProfileOutput *output,
                  const CwOutputValues *values,
                  GError **error)
{
  g_auto (CwOutputContent) content = { NULL };
  const CwProfileOutputData *data;

  g_return_val_if_fail (CW_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (output != NULL, NULL);
  g_return_val_if_fail (values != NULL, NULL);

  data = cw_profile_get_output_data (profile, output);
  if (!cw_output_content_init (&content, values, error))
    return NULL;

  switch (output->type)
    {
    case CW_PROFILE_OUTPUT_YAML:
      return cw_output_render_yaml (profile, data, &content, error);
    case CW_PROFILE_OUTPUT_PEM:
      return render_pem (data, &content, error);
    case CW_PROFILE_OUTPUT_ENCRYPTED_KEY:
    case CW_PROFILE_OUTPUT_PKCS12:
      return render_encrypted (data, &content, error);
    case CW_PROFILE_OUTPUT_TEMPLATE:
      return cw_output_render_template (profile, data, &content, error);
    default:
      g_return_val_if_reached (NULL);
    }
}

gboolean
cw_output_has_content (CwProfile *profile,
                       const CwProfileOutput *output,
                       const CwOutputValues *values)
{
  g_auto (CwOutputContent) content = { NULL };
  const CwProfileOutputData *data;
  CwOutputValues quick;

  g_return_val_if_fail (CW_IS_PROFILE (profile), FALSE);
  g_return_val_if_fail (output != NULL, FALSE);
  g_return_val_if_fail (values != NULL, FALSE);

  /* Files of CAs may be large: they are not read for this. What cannot be read is said when
   * it is rendered. */
  data = cw_profile_get_output_data (profile, output);
  if (!cw_output_content_may_be_empty (data) ||
      (values->server_cas != NULL && cw_output_content_takes_server_cas (data)))
    return TRUE;
  quick = *values;
  quick.server_cas = NULL;
  return !cw_output_content_init (&content, &quick, NULL) ||
         cw_output_content_has_output (&content, data);
}

char *
cw_output_explain_empty (CwProfile *profile,
                         const CwProfileOutput *output,
                         const CwOutputValues *values)
{
  return cw_output_has_content (profile, output, values)
             ? NULL
             : g_strdup (
                   cw_output_content_explain_none (cw_profile_get_output_data (profile, output)));
}

GArray *
cw_output_get_spans (CwProfile *profile, const CwProfileOutput *output, CwSecret *text)
{
  g_return_val_if_fail (CW_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (output != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  return output->type == CW_PROFILE_OUTPUT_YAML
             ? cw_yaml_get_spans (text)
             : find_spans (cw_profile_get_output_data (profile, output), cw_secret_peek (text));
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
  g_auto (CwOutputContent) content = { NULL };
  const CwProfileOutputData *data;

  g_return_val_if_fail (CW_IS_PROFILE (profile), FALSE);
  g_return_val_if_fail (output != NULL, FALSE);
  g_return_val_if_fail (values != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  data = cw_profile_get_output_data (profile, output);
  if (!cw_output_content_init (&content, values, error))
    return FALSE;
  return output->type == CW_PROFILE_OUTPUT_YAML ? cw_output_check_yaml (data, &content, text, error)
                                                : check_pem (data, &content, text, error);
}
