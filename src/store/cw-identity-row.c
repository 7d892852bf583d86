/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-identity-row.h"

void
cw_identity_row_free (CwIdentityRow *row)
{
  if (!row)
    return;

  g_free (row->id);
  g_free (row->title);
  g_free (row->profile_id);
  g_free (row->step);
  g_free (row->request);
  g_free (row->key_fingerprint);
  g_clear_pointer (&row->csr, g_bytes_unref);
  g_free (row->certificate);
  g_free (row->issuers);
  g_free (row->server_cas_pem);
  g_free (row->replaced_by);
  g_free (row->authority_id);
  g_free (row->address);
  g_free (row->test_verdict);
  g_free (row);
}

CwIdentityRow *
cw_identity_row_copy (const CwIdentityRow *row)
{
  CwIdentityRow *copy = g_new0 (CwIdentityRow, 1);

  *copy = *row;
  copy->id = g_strdup (row->id);
  copy->title = g_strdup (row->title);
  copy->profile_id = g_strdup (row->profile_id);
  copy->step = g_strdup (row->step);
  copy->request = g_strdup (row->request);
  copy->key_fingerprint = g_strdup (row->key_fingerprint);
  copy->csr = row->csr ? g_bytes_ref (row->csr) : NULL;
  copy->certificate = g_strdup (row->certificate);
  copy->issuers = g_strdup (row->issuers);
  copy->server_cas_pem = g_strdup (row->server_cas_pem);
  copy->replaced_by = g_strdup (row->replaced_by);
  copy->authority_id = g_strdup (row->authority_id);
  copy->address = g_strdup (row->address);
  copy->test_verdict = g_strdup (row->test_verdict);
  return copy;
}

gboolean
cw_identity_row_replace (char **place, const char *value)
{
  if (g_strcmp0 (*place, value) == 0)
    return FALSE;

  g_free (*place);
  *place = g_strdup (value);
  return TRUE;
}

void
cw_identity_row_forget_test (CwIdentityRow *row)
{
  g_clear_pointer (&row->test_verdict, g_free);
  row->test_severity = CW_SEVERITY_GOOD;
  row->tested_at = 0;
}

void
cw_identity_row_set_chain (CwIdentityRow *row, CwChain *chain)
{
  g_autoptr (GPtrArray) issuers = g_ptr_array_new ();
  CwCertificate *leaf = chain ? cw_chain_get_leaf (chain) : NULL;
  g_autofree char *pem = leaf ? cw_certificate_to_pem (leaf) : NULL;
  GPtrArray *certificates;

  if (cw_identity_row_replace (&row->certificate, pem))
    row->revoked_at = 0;
  g_clear_pointer (&row->issuers, g_free);
  cw_identity_row_forget_test (row);
  row->not_before = row->not_after = 0;
  if (!chain)
    return;

  certificates = cw_chain_get_certificates (chain);
  for (guint i = 1; i < certificates->len; i++)
    g_ptr_array_add (issuers, g_ptr_array_index (certificates, i));

  row->issuers = cw_certificates_to_pem (issuers);
  row->not_before = g_date_time_to_unix (cw_certificate_get_not_before (leaf));
  row->not_after = g_date_time_to_unix (cw_certificate_get_not_after (leaf));
  cw_identity_row_replace (&row->title, cw_certificate_get_title (leaf));
}

void
cw_identity_row_merge (CwIdentityRow *row, const CwIdentityRow *changes)
{
  if (changes->key_fingerprint)
    cw_identity_row_replace (&row->key_fingerprint, changes->key_fingerprint);

  if (changes->csr)
    {
      g_clear_pointer (&row->csr, g_bytes_unref);
      row->csr = g_bytes_ref (changes->csr);
      row->requested_at = changes->requested_at;
    }

  if (changes->authority_id)
    {
      cw_identity_row_replace (&row->authority_id, changes->authority_id);
      row->signer = CW_SIGNER_AUTHORITY;
    }

  if (changes->certificate)
    {
      if (cw_identity_row_replace (&row->certificate, changes->certificate))
        {
          cw_identity_row_forget_test (row);
          row->revoked_at = 0;
        }
      cw_identity_row_replace (&row->issuers, changes->issuers);
      cw_identity_row_replace (&row->title, changes->title);
      row->not_before = changes->not_before;
      row->not_after = changes->not_after;
    }
}

gboolean
cw_identity_row_has_other_files (const CwIdentityRow *row, const CwIdentityRow *other)
{
  return g_strcmp0 (row->key_fingerprint, other->key_fingerprint) != 0 ||
         g_strcmp0 (row->certificate, other->certificate) != 0 ||
         g_strcmp0 (row->issuers, other->issuers) != 0 ||
         (row->csr == NULL) != (other->csr == NULL) ||
         (row->csr && !g_bytes_equal (row->csr, other->csr));
}

gboolean
cw_identity_row_has_other_test (const CwIdentityRow *row, const CwIdentityRow *other)
{
  return row->tested_at != other->tested_at || row->test_severity != other->test_severity ||
         row->server_cas != other->server_cas || row->verify_server != other->verify_server ||
         g_strcmp0 (row->test_verdict, other->test_verdict) != 0 ||
         g_strcmp0 (row->address, other->address) != 0 ||
         g_strcmp0 (row->server_cas_pem, other->server_cas_pem) != 0;
}
