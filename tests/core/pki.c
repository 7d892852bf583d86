/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-openssl.h"
#include "pki.h"

#define SECONDS_PER_DAY 86400

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_TIME, ASN1_TIME_free)

const char *const pki_ca_extensions[] = {
  "basicConstraints",
  "critical,CA:TRUE",
  "keyUsage",
  "critical,keyCertSign,cRLSign",
  "subjectKeyIdentifier",
  "hash",
  "authorityKeyIdentifier",
  "keyid",
  NULL,
};

const char *const pki_client_extensions[] = {
  "basicConstraints",
  "critical,CA:FALSE",
  "keyUsage",
  "critical,digitalSignature",
  "extendedKeyUsage",
  "clientAuth",
  "subjectAltName",
  "email:steve@example.com",
  "authorityKeyIdentifier",
  "keyid",
  NULL,
};

static void
set_name (X509_NAME *name, const char *type, const char *value)
{
  if (value != NULL)
    g_assert_true (X509_NAME_add_entry_by_txt (name, type, MBSTRING_UTF8,
                                               (const unsigned char *) value, -1, -1, 0));
}

static void
add_extensions (X509 *x509, X509 *issuer, const char *const *extensions)
{
  X509V3_CTX context;
  X509V3_set_ctx (&context, issuer, x509, NULL, NULL, 0);
  for (guint i = 0; extensions != NULL && extensions[i] != NULL; i += 2)
    {
      X509_EXTENSION *extension =
          X509V3_EXT_nconf (NULL, &context, extensions[i], extensions[i + 1]);
      g_assert_nonnull (extension);
      g_assert_true (X509_add_ext (x509, extension, -1));
      X509_EXTENSION_free (extension);
    }
}

CwCertificate *
pki_make (const PkiSpec *spec)
{
  static long serial = 1000;
  g_autoptr (CwKey) key = spec->key != NULL ? cw_key_ref (spec->key)
                                            : cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  CwKey *signer = spec->issuer_key != NULL ? spec->issuer_key : key;
  gboolean usual = spec->starts == 0 && spec->ends == 0;

  g_autoptr (X509) x509 = X509_new ();
  X509 *issuer = spec->issuer != NULL ? cw_certificate_peek_x509 (spec->issuer) : x509;
  X509_set_version (x509, spec->version_1 ? X509_VERSION_1 : X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (x509), serial++);
  X509_gmtime_adj (X509_getm_notBefore (x509), (usual ? -1L : spec->starts) * SECONDS_PER_DAY);
  X509_gmtime_adj (X509_getm_notAfter (x509), (usual ? 365L : spec->ends) * SECONDS_PER_DAY);
  X509_set_pubkey (x509, cw_key_peek_pkey (key));

  X509_NAME *name = X509_get_subject_name (x509);
  set_name (name, "CN", spec->name);
  set_name (name, "O", spec->organisation);
  X509_set_issuer_name (x509, X509_get_subject_name (issuer));
  if (!spec->version_1)
    add_extensions (x509, issuer, spec->extensions);
  if (spec->tweak != NULL)
    spec->tweak (x509);

  gboolean no_hash = cw_key_get_kind (signer) == CW_KEY_KIND_ED25519;
  const EVP_MD *hash = spec->hash != NULL ? spec->hash : EVP_sha256 ();
  g_assert_cmpint (X509_sign (x509, cw_key_peek_pkey (signer), no_hash ? NULL : hash), >, 0);
  if (spec->tamper != NULL)
    spec->tamper (x509);

  unsigned char *data = NULL;
  int size = i2d_X509 (x509, &data);
  g_assert_cmpint (size, >, 0);
  g_autoptr (GBytes) der = g_bytes_new (data, (gsize) size);
  OPENSSL_free (data);
  g_autoptr (GError) error = NULL;
  CwCertificate *certificate = cw_certificate_new_from_der (der, &error);
  g_assert_no_error (error);
  return certificate;
}

static void
add_revoked (X509_CRL *crl, const PkiCrlSpec *spec)
{
  X509_REVOKED *entry = X509_REVOKED_new ();
  g_autoptr (ASN1_TIME) since = X509_gmtime_adj (NULL, -10L * SECONDS_PER_DAY);
  X509_REVOKED_set_serialNumber (entry,
                                 X509_get_serialNumber (cw_certificate_peek_x509 (spec->revoked)));
  X509_REVOKED_set_revocationDate (entry, since);
  ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new ();
  ASN1_ENUMERATED_set (reason,
                       spec->restored ? CRL_REASON_REMOVE_FROM_CRL : CRL_REASON_KEY_COMPROMISE);
  X509_REVOKED_add1_ext_i2d (entry, NID_crl_reason, reason, 0, 0);
  ASN1_ENUMERATED_free (reason);
  X509_CRL_add0_revoked (crl, entry);
}

static void
add_others (X509_CRL *crl, guint n_others)
{
  g_autoptr (ASN1_TIME) since = X509_gmtime_adj (NULL, -10L * SECONDS_PER_DAY);
  ASN1_INTEGER *serial = ASN1_INTEGER_new ();

  for (guint i = 0; i < n_others; i++)
    {
      X509_REVOKED *entry = X509_REVOKED_new ();

      ASN1_INTEGER_set_uint64 (serial, G_GUINT64_CONSTANT (0x4000000000000000) + i);
      X509_REVOKED_set_serialNumber (entry, serial);
      X509_REVOKED_set_revocationDate (entry, since);
      X509_CRL_add0_revoked (crl, entry);
    }
  ASN1_INTEGER_free (serial);
}

static void
add_limit (X509_CRL *crl)
{
  ISSUING_DIST_POINT *point = ISSUING_DIST_POINT_new ();
  point->onlyuser = 0xff;
  X509_CRL_add1_ext_i2d (crl, NID_issuing_distribution_point, point, 1, 0);
  ISSUING_DIST_POINT_free (point);
}

CwCrl *
pki_make_crl (const PkiCrlSpec *spec)
{
  gboolean usual = spec->starts == 0 && spec->ends == 0;
  g_autoptr (X509_CRL) crl = X509_CRL_new ();
  g_autoptr (ASN1_TIME) start =
      X509_gmtime_adj (NULL, (usual ? -1L : spec->starts) * SECONDS_PER_DAY);
  g_autoptr (ASN1_TIME) end = X509_gmtime_adj (NULL, (usual ? 30L : spec->ends) * SECONDS_PER_DAY);
  X509_CRL_set_version (crl, X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name (crl, X509_get_subject_name (cw_certificate_peek_x509 (spec->issuer)));
  X509_CRL_set1_lastUpdate (crl, start);
  X509_CRL_set1_nextUpdate (crl, end);
  if (spec->revoked != NULL)
    add_revoked (crl, spec);
  add_others (crl, spec->n_others);
  if (!spec->no_number)
    {
      ASN1_INTEGER *number = ASN1_INTEGER_new ();
      ASN1_INTEGER_set (number, 7);
      X509_CRL_add1_ext_i2d (crl, NID_crl_number, number, 0, 0);
      ASN1_INTEGER_free (number);
    }
  if (spec->limited)
    add_limit (crl);
  g_assert_cmpint (X509_CRL_sign (crl, cw_key_peek_pkey (spec->issuer_key), EVP_sha256 ()), >, 0);

  unsigned char *data = NULL;
  int size = i2d_X509_CRL (crl, &data);
  g_autoptr (GBytes) der = g_bytes_new (data, (gsize) size);
  OPENSSL_free (data);
  g_autoptr (GError) error = NULL;
  CwCrl *made = cw_crl_new_from_der (der, &error);
  g_assert_no_error (error);
  return made;
}

void
pki_init (Pki *self)
{
  self->root_key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  self->middle_key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  self->leaf_key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  self->root = pki_make (
      &(PkiSpec){ .name = "Test Root", .key = self->root_key, .extensions = pki_ca_extensions });
  self->middle = pki_make (&(PkiSpec){ .name = "Test Intermediate",
                                       .key = self->middle_key,
                                       .issuer = self->root,
                                       .issuer_key = self->root_key,
                                       .extensions = pki_ca_extensions });
  self->leaf = pki_make (&(PkiSpec){ .name = "steve@example.com",
                                     .key = self->leaf_key,
                                     .issuer = self->middle,
                                     .issuer_key = self->middle_key,
                                     .extensions = pki_client_extensions });
}

void
pki_clear (Pki *self)
{
  g_clear_object (&self->root);
  g_clear_object (&self->middle);
  g_clear_object (&self->leaf);
  g_clear_pointer (&self->root_key, cw_key_unref);
  g_clear_pointer (&self->middle_key, cw_key_unref);
  g_clear_pointer (&self->leaf_key, cw_key_unref);
}
