/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-der.h"
#include "cw-error.h"
#include "cw-issue.h"

/* RFC 5280, 4.1.2.2: unique for each CA, not to be guessed, 20 octets at most. */
#define SERIAL_BITS 128

/* Of RFC 5280: UTCTime to 2049, GeneralizedTime from 2050. */
static gboolean
set_dates (X509 *x509, const CwIssue *issue)
{
  return ASN1_TIME_set (X509_getm_notBefore (x509), (time_t) issue->not_before) != NULL &&
         ASN1_TIME_set (X509_getm_notAfter (x509), (time_t) issue->not_after) != NULL;
}

/* Positive: 0, which is none, does not happen. */
static gboolean
set_serial (X509 *x509)
{
  g_autoptr (BIGNUM) number = BN_new ();

  return number != NULL &&
         BN_rand (number, SERIAL_BITS, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         !BN_is_zero (number) && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (x509)) != NULL;
}

static gboolean
set_names (X509 *x509, const CwIssue *issue, GError **error)
{
  g_autoptr (X509_NAME) subject =
      cw_subject_to_name (cw_request_get_subject (issue->request), error);
  const X509_NAME *issuer = issue->issuer != NULL ? X509_get_subject_name (issue->issuer) : subject;

  /* Both are copied. */
  return subject != NULL && X509_set_subject_name (x509, subject) == 1 &&
         X509_set_issuer_name (x509, issuer) == 1;
}

static gboolean
make_extensions (const CwIssue *issue, CwExtensions **extensions, GError **error)
{
  gboolean added = cw_extensions_add_basic_constraints (extensions, issue->is_ca);

  if (added && issue->is_ca)
    added = cw_extensions_add_key_usage (extensions,
                                         CW_KEY_USAGE_KEY_CERT_SIGN | CW_KEY_USAGE_CRL_SIGN);
  else if (added)
    added = cw_extensions_add_requested (extensions, issue->request, issue->pkey, error);

  return added && cw_extensions_add_subject_key_id (extensions, issue->pkey) &&
         cw_extensions_add_authority_key_id (extensions, issue->issuer, issue->issuer_pkey);
}

static gboolean
set_extensions (X509 *x509, const CwIssue *issue, GError **error)
{
  g_autoptr (CwExtensions) extensions = NULL;

  if (!make_extensions (issue, &extensions, error))
    return FALSE;

  for (int i = 0; i < sk_X509_EXTENSION_num (extensions); i++)
    if (X509_add_ext (x509, sk_X509_EXTENSION_value (extensions, i), -1) != 1)
      return FALSE;

  return TRUE;
}

static CwCertificate *
read_back (X509 *x509, GError **error)
{
  guint8 *der = NULL;
  const int size = i2d_X509 (x509, &der);
  g_autoptr (GBytes) bytes = cw_der_take (der, size);

  return bytes != NULL ? cw_certificate_new_from_der (bytes, error) : NULL;
}

/* Verifies what it has signed: a fault in the computation must not leave, and might betray the key.
 */
CwCertificate *
cw_issue_sign (const CwIssue *self, GError **error)
{
  g_autoptr (X509) x509 = X509_new ();

  if (x509 == NULL || X509_set_version (x509, X509_VERSION_3) != 1 || !set_serial (x509) ||
      !set_dates (x509, self) || !set_names (x509, self, error) ||
      X509_set_pubkey (x509, self->pkey) != 1 || !set_extensions (x509, self, error) ||
      X509_sign (x509, self->issuer_pkey, cw_pkey_choose_hash (self->issuer_pkey)) <= 0 ||
      X509_verify (x509, self->issuer_pkey) != 1)
    return NULL;

  return read_back (x509, error);
}

const EVP_MD *
cw_pkey_choose_hash (EVP_PKEY *pkey)
{
  char mandatory[32];

  if (EVP_PKEY_is_a (pkey, "ED25519") || EVP_PKEY_is_a (pkey, "ED448"))
    return NULL;
  /* An RSA-PSS key may be bound to one. */
  if (EVP_PKEY_get_default_digest_name (pkey, mandatory, sizeof mandatory) == 2)
    return EVP_get_digestbyname (mandatory);
  if (EVP_PKEY_is_a (pkey, "EC") && EVP_PKEY_get_bits (pkey) > 384)
    return EVP_sha512 ();
  if (EVP_PKEY_is_a (pkey, "EC") && EVP_PKEY_get_bits (pkey) > 256)
    return EVP_sha384 ();

  return EVP_sha256 ();
}

void
cw_issue_set_error (GError **error, GError *reason, EVP_PKEY *pkey)
{
  g_autofree char *title = NULL;

  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return;
    }

  title = cw_pkey_get_title (pkey);
  cw_error_set_openssl (
      error, CW_ERROR_FAILED,
      /* Translators: %s is a kind of key, as in "RSA 3072" */
      _ ("The certificate could not be signed with this key (%s). Try again, or use another key."),
      title);
}
