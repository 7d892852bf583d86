/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-output-content.h"
#include "cw-text.h"

static GPtrArray *
copy_range (GPtrArray *certificates, guint first, guint end)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = first; i < end; i++)
    g_ptr_array_add (list, g_object_ref (certificates->pdata[i]));
  return list;
}

/* A server has its root already; only a certificate that is its own root is sent. */
static GPtrArray *
list_without_root (GPtrArray *all)
{
  const gboolean has_root =
      all->len > 1 && cw_certificate_is_self_signed (all->pdata[all->len - 1]);

  return copy_range (all, 0, all->len - (has_root ? 1 : 0));
}

static gboolean
take_key (CwOutputContent *self, CwSecret *pem, GError **error)
{
  self->key = cw_key_new_from_pem (pem, NULL, error);
  self->key_pem = self->key ? cw_key_to_pem (self->key, error) : NULL;
  return self->key_pem != NULL;
}

static gboolean
take_server_cas (CwOutputContent *self, const char *pem, GError **error)
{
  self->server_cas = cw_certificates_from_pem (pem, error);
  if (self->server_cas == NULL)
    return FALSE;
  if (self->server_cas->len == 0)
    g_clear_pointer (&self->server_cas, g_ptr_array_unref);
  return TRUE;
}

static void
take_chain (CwOutputContent *self, CwChain *chain)
{
  GPtrArray *all = cw_chain_get_certificates (chain);

  self->chain = list_without_root (all);
  if (all->len > 1)
    self->issuers = copy_range (all, 1, all->len);
}

static gboolean
check_pair (const CwOutputContent *self, GError **error)
{
  CwCertificate *leaf;
  g_autofree char *title = NULL;

  if (self->key == NULL || self->chain == NULL)
    return TRUE;

  leaf = self->chain->pdata[0];
  if (g_str_equal (cw_key_get_fingerprint (self->key), cw_certificate_get_key_fingerprint (leaf)))
    return TRUE;

  title = cw_text_clean (cw_certificate_get_title (leaf));
  g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
               _ ("The private key and the certificate of “%s” do not belong together. Import the "
                  "certificate that was issued for this key."),
               title);
  return FALSE;
}

static gboolean
equal_key (const CwOutputContent *self, CwSecret *pem)
{
  g_autoptr (CwKey) key = cw_key_new_from_pem (pem, NULL, NULL);

  return key != NULL && self->key != NULL && cw_secret_equal (pem, self->key_pem) &&
         g_str_equal (cw_key_get_fingerprint (key), cw_key_get_fingerprint (self->key));
}

static gboolean
has_source (const CwOutputContent *self, CwProfileSource source)
{
  g_autoptr (GPtrArray) certificates = NULL;

  if (source == CW_PROFILE_SOURCE_PRIVATE_KEY)
    return TRUE;
  certificates = cw_output_content_get_certificates (self, source);
  return certificates != NULL;
}

gboolean
cw_output_content_init (CwOutputContent *self, const CwOutputValues *values, GError **error)
{
  *self = (CwOutputContent){ .values = values };
  if (values->chain != NULL)
    take_chain (self, values->chain);

  return (values->key == NULL || take_key (self, values->key, error)) &&
         (values->server_cas == NULL || take_server_cas (self, values->server_cas, error)) &&
         check_pair (self, error);
}

void
cw_output_content_clear (CwOutputContent *self)
{
  g_clear_pointer (&self->key, cw_key_unref);
  g_clear_pointer (&self->key_pem, cw_secret_unref);
  g_clear_pointer (&self->chain, g_ptr_array_unref);
  g_clear_pointer (&self->issuers, g_ptr_array_unref);
  g_clear_pointer (&self->server_cas, g_ptr_array_unref);
}

GPtrArray *
cw_output_content_get_certificates (const CwOutputContent *self, CwProfileSource source)
{
  switch (source)
    {
    case CW_PROFILE_SOURCE_CERTIFICATE:
      return self->chain ? copy_range (self->chain, 0, 1) : NULL;
    case CW_PROFILE_SOURCE_CERTIFICATE_CHAIN:
      return self->chain ? g_ptr_array_ref (self->chain) : NULL;
    case CW_PROFILE_SOURCE_ISSUERS:
      return self->issuers ? g_ptr_array_ref (self->issuers) : NULL;
    case CW_PROFILE_SOURCE_SERVER_CAS:
      return self->server_cas ? g_ptr_array_ref (self->server_cas) : NULL;
    case CW_PROFILE_SOURCE_PRIVATE_KEY:
    case CW_PROFILE_SOURCE_VERIFY:
    default:
      return NULL;
    }
}

CwSecret *
cw_output_content_get_pem (const CwOutputContent *self, CwProfileSource source)
{
  g_autoptr (GPtrArray) certificates = NULL;
  g_autofree char *pem = NULL;

  if (source == CW_PROFILE_SOURCE_PRIVATE_KEY)
    return self->key_pem ? cw_secret_ref (self->key_pem) : NULL;

  certificates = cw_output_content_get_certificates (self, source);
  pem = certificates ? cw_certificates_to_pem (certificates) : NULL;
  return pem ? cw_secret_new (pem, -1) : NULL;
}

gboolean
cw_output_content_is (const CwOutputContent *self, CwProfileSource source, CwSecret *pem)
{
  g_autoptr (GPtrArray) certificates = NULL;

  if (source == CW_PROFILE_SOURCE_PRIVATE_KEY)
    return equal_key (self, pem);
  certificates = cw_output_content_get_certificates (self, source);
  return certificates != NULL && cw_certificates_are_in_pem (certificates, cw_secret_peek (pem));
}

gboolean
cw_output_content_may_be_empty (const CwProfileOutputData *output)
{
  for (guint i = 0; output->sources != NULL && i < output->sources->len; i++)
    if (g_array_index (output->sources, CwProfileSource, i) == CW_PROFILE_SOURCE_PRIVATE_KEY)
      return FALSE;

  return output->output.type == CW_PROFILE_OUTPUT_PEM;
}

gboolean
cw_output_content_has_output (const CwOutputContent *self, const CwProfileOutputData *output)
{
  if (output->output.type != CW_PROFILE_OUTPUT_PEM)
    return TRUE;
  for (guint i = 0; i < output->sources->len; i++)
    if (has_source (self, g_array_index (output->sources, CwProfileSource, i)))
      return TRUE;

  return FALSE;
}

gboolean
cw_output_content_takes_server_cas (const CwProfileOutputData *output)
{
  for (guint i = 0; i < output->sources->len; i++)
    if (g_array_index (output->sources, CwProfileSource, i) == CW_PROFILE_SOURCE_SERVER_CAS)
      return TRUE;

  return FALSE;
}

const char *
cw_output_content_explain_none (const CwProfileOutputData *output)
{
  return cw_output_content_takes_server_cas (output)
             ? _ ("The system’s own CAs are used, so there is nothing to paste.")
             : _ ("No CA above the certificate is known, so there is nothing to paste.");
}

gboolean
cw_output_set_empty (const CwProfileOutput *output, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
               _ ("There is nothing yet to put into “%s”: it needs the private key or the "
                  "certificate."),
               output->title);
  return FALSE;
}

gboolean
cw_output_set_different (const CwProfileOutput *output, const char *what, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
               /* Translators: the title of what was to be shown, and the name of a setting. */
               _ ("“%s” cannot be shown: what was written does not read back as what went in, at "
                  "“%s”. Start Certwright again; if it happens again, report it."),
               output->title, what);
  return FALSE;
}
