/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request that somebody brings to a private CA. A signature that fits does not
 * come about by chance: what can be read is signed again.
 */

#include "config.h"

#include "cw-authority.h"
#include "cw-openssl.h"
#include "cw-usage.h"
#include "fuzz.h"

static CwKey *key;
static CwAuthority *authority;

static void
set_up (void)
{
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwKey) authority_key = cw_key_generate (CW_KEY_KIND_ED25519, NULL, NULL);
  g_autoptr (CwCertificate) certificate = NULL;

  cw_subject_append (cw_request_get_subject (request), "CN", "Test CA");
  certificate = cw_authority_create_certificate (request, authority_key, NULL);
  authority = cw_authority_new (certificate, authority_key, NULL);
  key = cw_key_generate (CW_KEY_KIND_ED25519, NULL, NULL);
}

/* Nothing but what every leaf has, for nobody else's key, and no longer than the CA. */
static void
check_certificate (CwCertificate *certificate, CwGrant *grant)
{
  static const int permitted[] = { NID_basic_constraints,      NID_key_usage,
                                   NID_ext_key_usage,          NID_subject_alt_name,
                                   NID_subject_key_identifier, NID_authority_key_identifier };
  CwCertificate *issuer = cw_authority_get_certificate (authority);
  X509 *x509 = cw_certificate_peek_x509 (certificate);
  CwKeyUsage usage = cw_certificate_get_key_usage (certificate, NULL);

  fuzz_check_certificate (certificate);
  g_assert_true (cw_certificate_is_issued_by (certificate, issuer));
  g_assert_false (cw_certificate_is_ca (certificate));
  g_assert_cmpint (usage & (CW_KEY_USAGE_KEY_CERT_SIGN | CW_KEY_USAGE_CRL_SIGN), ==, 0);
  g_assert_nonnull (cw_certificate_get_usages (certificate));
  g_assert_false (cw_certificate_has_usage (certificate, CW_USAGE_ANY));
  g_assert_cmpstr (cw_certificate_get_key_fingerprint (certificate), ==,
                   cw_grant_get_key_fingerprint (grant));
  for (int i = 0; i < X509_get_ext_count (x509); i++)
    {
      int nid = OBJ_obj2nid (X509_EXTENSION_get_object (X509_get_ext (x509, i)));
      gboolean found = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (permitted); j++)
        found = found || permitted[j] == nid;
      g_assert_true (found);
    }
}

/* What is signed is what was shown. */
static void
check_names (CwCertificate *certificate, CwGrant *grant)
{
  GListModel *shown = cw_request_get_alt_names (cw_grant_get_request (grant));
  GListModel *signed_names = cw_certificate_get_alt_names (certificate);

  g_assert_true (cw_subject_equal (cw_certificate_get_subject (certificate),
                                   cw_request_get_subject (cw_grant_get_request (grant))));
  g_assert_cmpuint (g_list_model_get_n_items (shown), ==, g_list_model_get_n_items (signed_names));
  for (guint i = 0; i < g_list_model_get_n_items (shown); i++)
    {
      g_autoptr (CwAltName) a = g_list_model_get_item (shown, i);
      g_autoptr (CwAltName) b = g_list_model_get_item (signed_names, i);

      g_assert_true (cw_alt_name_equal (a, b));
    }
}

static void
check_grant (CwGrant *grant)
{
  GPtrArray *ignored = cw_grant_get_ignored (grant);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwGrant) copy = cw_grant_copy (grant);
  g_autoptr (CwCertificate) certificate = NULL;

  fuzz_check_request (cw_grant_get_asked (grant));
  fuzz_check_request (cw_grant_get_request (grant));
  fuzz_check_text (cw_grant_get_key_title (grant));
  for (guint i = 0; i < ignored->len; i++)
    {
      const CwIgnored *each = g_ptr_array_index (ignored, i);

      fuzz_check_text (each->title);
      fuzz_check_text (each->reason);
    }

  certificate = cw_authority_sign (authority, copy, &error);
  fuzz_check_result (certificate != NULL, error);
  if (certificate == NULL)
    return;
  check_certificate (certificate, grant);
  check_names (certificate, grant);
}

static void
try_csr (GBytes *csr)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwGrant) grant = cw_grant_new_from_csr (csr, &error);

  fuzz_check_result (grant != NULL, error);
  if (grant != NULL)
    check_grant (grant);
}

static void
try_signed_again (GBytes *csr)
{
  g_autoptr (X509_REQ) req = cw_csr_parse (csr, NULL);
  g_autoptr (GBytes) changed = NULL;
  unsigned char *der = NULL;
  int length;

  if (req == NULL || X509_REQ_set_pubkey (req, cw_key_peek_pkey (key)) != 1 ||
      X509_REQ_sign (req, cw_key_peek_pkey (key), NULL) <= 0)
    {
      ERR_clear_error ();
      return;
    }
  length = i2d_X509_REQ (req, &der);
  if (length <= 0)
    return;
  changed = g_bytes_new (der, (gsize) length);
  OPENSSL_free (der);
  try_csr (changed);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) csr = g_bytes_new_static (data, size);

  if (key == NULL)
    set_up ();
  try_csr (csr);
  try_signed_again (csr);

  return 0;
}
