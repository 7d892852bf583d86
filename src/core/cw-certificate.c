/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <openssl/provider.h>

#include "cw-certificate.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-text.h"
#include "cw-usage.h"

/*
 * A file may hold thousands of these, of which few matter. So it is parsed
 * without its public key first, whose decoding takes most of the time, and
 * that tells whether it is a certificate at all. What is derived from it waits
 * until it is asked for, once, and from whatever thread.
 */
typedef struct
{
  CwSubject *subject;
  CwSubject *issuer;
  char *title;
  char *serial;
  char *fingerprint;
  GListStore *alt_names;
  char **usages;
  char **issuer_urls;
} Details;

struct _CwCertificate
{
  GObject parent;

  GBytes *der;
  X509 *light; /* names, dates, extensions: nothing that needs its key or a digest */
  GDateTime *not_before;
  GDateTime *not_after;

  gsize x509_once;
  X509 *x509;
  gsize key_fingerprint_once;
  char *key_fingerprint;
  gsize key_title_once;
  char *key_title;
  gsize details_once;
  Details details;
  gsize self_signed_once;
  gboolean self_signed;
};

G_DEFINE_FINAL_TYPE (CwCertificate, cw_certificate, G_TYPE_OBJECT)

static char *
read_serial (X509 *x509)
{
  const ASN1_INTEGER *serial = X509_get0_serialNumber (x509);
  g_autofree char *pairs =
      cw_text_from_bytes (ASN1_STRING_get0_data (serial), (gsize) ASN1_STRING_length (serial));
  gboolean negative = (ASN1_STRING_type (serial) & V_ASN1_NEG) != 0;
  return g_strconcat (negative ? "-" : "", *pairs != '\0' ? pairs : "00", NULL);
}

static char *
read_fingerprint (GBytes *der)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned int n_digest = 0;
  EVP_Digest (data, size, digest, &n_digest, EVP_sha256 (), NULL);
  return cw_text_from_bytes (digest, n_digest);
}

/* A library context that knows no algorithm, for parsing without decoding keys. */
static OSSL_LIB_CTX *
get_empty_context (void)
{
  static OSSL_LIB_CTX *context;
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      context = OSSL_LIB_CTX_new ();
      if (context == NULL || OSSL_PROVIDER_load (context, "null") == NULL)
        g_error ("Out of memory");
      g_once_init_leave (&once, 1);
    }
  return context;
}

static X509 *
parse_light (const guint8 **end, gsize size)
{
  X509 *x509 = X509_new_ex (get_empty_context (), NULL);
  if (x509 == NULL)
    g_error ("Out of memory");
  /* On failure it frees what it was given. */
  return d2i_X509 (&x509, end, (long) size);
}

/*
 * Whether a key is written in the one way in which everybody writes it: then
 * its bytes as they stand are what cw_key_get_fingerprint() takes the sum of.
 */
static gboolean
is_usual_encoding (X509_PUBKEY *pubkey)
{
  ASN1_OBJECT *kind = NULL;
  X509_ALGOR *algorithm = NULL;
  const unsigned char *bits = NULL;
  int size = 0, parameter = V_ASN1_UNDEF;
  X509_PUBKEY_get0_param (&kind, &bits, &size, &algorithm, pubkey);
  X509_ALGOR_get0 (NULL, &parameter, NULL, algorithm);
  switch (OBJ_obj2nid (kind))
    {
    case NID_rsaEncryption:
      return parameter == V_ASN1_NULL;
    case NID_X9_62_id_ecPublicKey:
      return parameter == V_ASN1_OBJECT && size > 0 && bits[0] == POINT_CONVERSION_UNCOMPRESSED;
    case NID_ED25519:
    case NID_ED448:
      return parameter == V_ASN1_UNDEF;
    default:
      return FALSE;
    }
}

static char *
fingerprint_encoding (X509_PUBKEY *pubkey)
{
  guint8 *encoded = NULL;
  int size = i2d_X509_PUBKEY (pubkey, &encoded);
  char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, encoded, size > 0 ? (gsize) size : 0);
  OPENSSL_free (encoded);
  return sum;
}

static char *
read_key_fingerprint (CwCertificate *self)
{
  X509_PUBKEY *pubkey = X509_get_X509_PUBKEY (self->light);
  if (is_usual_encoding (pubkey))
    return fingerprint_encoding (pubkey);

  EVP_PKEY *pkey = X509_get0_pubkey (cw_certificate_peek_x509 (self));
  g_autofree char *fingerprint = pkey != NULL ? cw_pkey_get_fingerprint (pkey) : NULL;
  /* Of the bytes as they stand, where libcrypto does not know the kind of key. */
  return fingerprint != NULL && *fingerprint != '\0' ? g_steal_pointer (&fingerprint)
                                                     : fingerprint_encoding (pubkey);
}

static char *
read_key_title (CwCertificate *self)
{
  EVP_PKEY *pkey = X509_get0_pubkey (cw_certificate_peek_x509 (self));
  char *title = pkey != NULL ? cw_pkey_get_title (pkey) : NULL;
  return title != NULL ? title : g_strdup (_ ("Unknown kind of key"));
}

static GListStore *
read_alt_names (X509 *x509)
{
  GListStore *names = g_list_store_new (CW_TYPE_ALT_NAME);
  g_autoptr (GENERAL_NAMES) list = X509_get_ext_d2i (x509, NID_subject_alt_name, NULL, NULL);
  for (int i = 0; list != NULL && i < sk_GENERAL_NAME_num (list); i++)
    {
      g_autoptr (CwAltName) name =
          cw_alt_name_new_for_general_name (sk_GENERAL_NAME_value (list, i));
      if (name != NULL)
        g_list_store_append (names, name);
    }
  return names;
}

static char **
read_usages (X509 *x509)
{
  int critical = -1;
  EXTENDED_KEY_USAGE *list = X509_get_ext_d2i (x509, NID_ext_key_usage, &critical, NULL);
  if (list == NULL && critical == -1)
    return NULL;

  g_autoptr (GStrvBuilder) usages = g_strv_builder_new ();
  for (int i = 0; list != NULL && i < sk_ASN1_OBJECT_num (list); i++)
    {
      g_autofree char *oid = cw_oid_from_object (sk_ASN1_OBJECT_value (list, i));
      if (oid != NULL)
        g_strv_builder_add (usages, oid);
    }
  EXTENDED_KEY_USAGE_free (list);
  return g_strv_builder_end (usages);
}

/* As text, if @name is an address that can be fetched from; (nullable). */
static char *
read_url (const GENERAL_NAME *name)
{
  int type;
  const ASN1_STRING *value = GENERAL_NAME_get0_value (name, &type);
  if (type != GEN_URI)
    return NULL;

  /* Nothing that would have to be escaped first, and no NUL. */
  gsize length = (gsize) ASN1_STRING_length (value);
  g_autofree char *url = g_strndup ((const char *) ASN1_STRING_get0_data (value), length);
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (url[i]))
      return NULL;

  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  if (host == NULL || *host == '\0')
    return NULL;
  gboolean web = g_ascii_strcasecmp (g_uri_get_scheme (uri), "http") == 0 ||
                 g_ascii_strcasecmp (g_uri_get_scheme (uri), "https") == 0;
  return web ? g_steal_pointer (&url) : NULL;
}

static char **
read_issuer_urls (X509 *x509)
{
  g_autoptr (GStrvBuilder) urls = g_strv_builder_new ();
  AUTHORITY_INFO_ACCESS *list = X509_get_ext_d2i (x509, NID_info_access, NULL, NULL);
  for (int i = 0; list != NULL && i < sk_ACCESS_DESCRIPTION_num (list); i++)
    {
      const ACCESS_DESCRIPTION *access = sk_ACCESS_DESCRIPTION_value (list, i);
      g_autofree char *url =
          OBJ_obj2nid (access->method) == NID_ad_ca_issuers ? read_url (access->location) : NULL;
      if (url != NULL)
        g_strv_builder_add (urls, url);
    }
  AUTHORITY_INFO_ACCESS_free (list);
  return g_strv_builder_end (urls);
}

static char *
make_title (const Details *details)
{
  const char *common_name = cw_subject_get (details->subject, "CN");
  if (common_name != NULL && *common_name != '\0')
    return cw_text_clean (common_name);

  g_autoptr (CwAltName) first = g_list_model_get_item (G_LIST_MODEL (details->alt_names), 0);
  if (first != NULL && *cw_alt_name_get_value (first) != '\0')
    return cw_text_clean (cw_alt_name_get_value (first));
  return cw_text_clean (details->serial); /* somebody may have made it endless */
}

static const Details *
get_details (CwCertificate *self)
{
  if (g_once_init_enter (&self->details_once))
    {
      Details *details = &self->details;
      ERR_clear_error ();
      details->subject = cw_subject_new_for_name (X509_get_subject_name (self->light));
      details->issuer = cw_subject_new_for_name (X509_get_issuer_name (self->light));
      details->serial = read_serial (self->light);
      details->fingerprint = read_fingerprint (self->der);
      details->alt_names = read_alt_names (self->light);
      details->usages = read_usages (self->light);
      details->issuer_urls = read_issuer_urls (self->light);
      details->title = make_title (details);
      ERR_clear_error ();
      g_once_init_leave (&self->details_once, 1);
    }
  return &self->details;
}

static void
details_clear (Details *details)
{
  g_clear_object (&details->subject);
  g_clear_object (&details->issuer);
  g_clear_object (&details->alt_names);
  g_clear_pointer (&details->title, g_free);
  g_clear_pointer (&details->serial, g_free);
  g_clear_pointer (&details->fingerprint, g_free);
  g_clear_pointer (&details->usages, g_strfreev);
  g_clear_pointer (&details->issuer_urls, g_strfreev);
}

/* Whether @subject's signature was made with @issuer's key. The names cost little. */
static gboolean
is_signed_by (CwCertificate *subject, CwCertificate *issuer)
{
  if (X509_NAME_cmp (X509_get_issuer_name (subject->light),
                     X509_get_subject_name (issuer->light)) != 0)
    return FALSE;

  ERR_clear_error ();
  EVP_PKEY *pkey = X509_get0_pubkey (cw_certificate_peek_x509 (issuer));
  gboolean verified = pkey != NULL && X509_verify (cw_certificate_peek_x509 (subject), pkey) == 1;
  ERR_clear_error ();
  return verified;
}

static void
cw_certificate_finalize (GObject *object)
{
  CwCertificate *self = CW_CERTIFICATE (object);

  details_clear (&self->details);
  g_clear_pointer (&self->light, X509_free);
  g_clear_pointer (&self->x509, X509_free);
  g_clear_pointer (&self->key_fingerprint, g_free);
  g_clear_pointer (&self->key_title, g_free);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_pointer (&self->not_before, g_date_time_unref);
  g_clear_pointer (&self->not_after, g_date_time_unref);

  G_OBJECT_CLASS (cw_certificate_parent_class)->finalize (object);
}

static void
cw_certificate_class_init (CwCertificateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_certificate_finalize;
}

static void
cw_certificate_init (CwCertificate *self)
{
}

GDateTime *
cw_date_time_from_asn1 (const ASN1_TIME *time)
{
  g_return_val_if_fail (time != NULL, NULL);

  struct tm tm;
  if (ASN1_TIME_to_tm (time, &tm) != 1)
    return NULL;
  return g_date_time_new_utc (tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                              tm.tm_sec);
}

CwCertificate *
cw_certificate_new_from_der (GBytes *der, GError **error)
{
  g_return_val_if_fail (der != NULL, NULL);

  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  const guint8 *end = data;

  ERR_clear_error ();
  g_autoptr (X509) x509 = size <= G_MAXINT ? parse_light (&end, size) : NULL;
  if (x509 == NULL || end != data + size)
    {
      cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                            x509 == NULL ? _ ("This is not a certificate, or it is damaged.")
                                         : _ ("The certificate is followed by other data."));
      return NULL;
    }

  g_autoptr (GDateTime) not_before = cw_date_time_from_asn1 (X509_get0_notBefore (x509));
  g_autoptr (GDateTime) not_after = cw_date_time_from_asn1 (X509_get0_notAfter (x509));
  if (not_before == NULL || not_after == NULL)
    {
      cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                            _ ("The certificate has a date that cannot be read."));
      return NULL;
    }

  CwCertificate *self = g_object_new (CW_TYPE_CERTIFICATE, NULL);
  self->der = g_bytes_ref (der);
  self->light = g_steal_pointer (&x509);
  self->not_before = g_steal_pointer (&not_before);
  self->not_after = g_steal_pointer (&not_after);
  return self;
}

CwCertificate *
cw_certificate_new_from_pem (const char *pem, GError **error)
{
  g_return_val_if_fail (pem != NULL, NULL);

  g_autoptr (GPtrArray) all = cw_certificates_from_pem (pem, error);
  if (all == NULL)
    return NULL;
  if (all->len != 1)
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_UNREADABLE,
                           all->len == 0 ? _ ("There is no certificate in this text.")
                                         : _ ("There is more than one certificate in this text."));
      return NULL;
    }
  return g_object_ref (g_ptr_array_index (all, 0));
}

GPtrArray *
cw_certificates_from_pem (const char *pem, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  if (pem == NULL || *pem == '\0')
    return g_steal_pointer (&all);

  ERR_clear_error ();
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, -1);
  unsigned char *data = NULL;
  long size = 0;
  while (PEM_bytes_read_bio (&data, &size, NULL, PEM_STRING_X509, bio, NULL, NULL) == 1)
    {
      g_autoptr (GBytes) der = g_bytes_new (data, (gsize) size);
      OPENSSL_free (data);
      CwCertificate *certificate = cw_certificate_new_from_der (der, error);
      if (certificate == NULL)
        return NULL;
      g_ptr_array_add (all, certificate);
    }

  /* Running out of blocks is how it ends; anything else is a broken one. */
  if (ERR_GET_REASON (ERR_peek_last_error ()) != PEM_R_NO_START_LINE)
    {
      cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                            _ ("The stored text of a certificate is damaged."));
      return NULL;
    }
  ERR_clear_error ();
  return g_steal_pointer (&all);
}

char *
cw_certificates_to_pem (GPtrArray *certificates)
{
  g_return_val_if_fail (certificates != NULL, NULL);

  GString *text = g_string_new (NULL);
  for (guint i = 0; i < certificates->len; i++)
    {
      g_autofree char *pem = cw_certificate_to_pem (g_ptr_array_index (certificates, i));
      g_string_append (text, pem);
    }
  return g_string_free (text, FALSE);
}

gboolean
cw_certificates_are_in_pem (GPtrArray *certificates, const char *pem)
{
  g_return_val_if_fail (certificates != NULL, FALSE);
  g_return_val_if_fail (pem != NULL, FALSE);

  g_autoptr (GPtrArray) found = cw_certificates_from_pem (pem, NULL);
  if (found == NULL || found->len != certificates->len)
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    if (!cw_certificate_equal (found->pdata[i], certificates->pdata[i]))
      return FALSE;
  return TRUE;
}

GBytes *
cw_certificate_get_der (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return self->der;
}

char *
cw_certificate_to_pem (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  gsize size;
  const guint8 *data = g_bytes_get_data (self->der, &size);
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  PEM_write_bio (bio, PEM_STRING_X509, "", data, (long) size);
  char *text = NULL;
  long length = BIO_get_mem_data (bio, &text);
  return g_strndup (text, (gsize) length);
}

CwSubject *
cw_certificate_get_subject (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return get_details (self)->subject;
}

CwSubject *
cw_certificate_get_issuer (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return get_details (self)->issuer;
}

const char *
cw_certificate_get_title (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return get_details (self)->title;
}

const char *
cw_certificate_get_serial (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return get_details (self)->serial;
}

const char *
cw_certificate_get_fingerprint (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return get_details (self)->fingerprint;
}

const char *
cw_certificate_get_key_fingerprint (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  if (g_once_init_enter (&self->key_fingerprint_once))
    {
      ERR_clear_error ();
      self->key_fingerprint = read_key_fingerprint (self);
      ERR_clear_error ();
      g_once_init_leave (&self->key_fingerprint_once, 1);
    }
  return self->key_fingerprint;
}

const char *
cw_certificate_get_key_title (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  if (g_once_init_enter (&self->key_title_once))
    {
      ERR_clear_error ();
      self->key_title = read_key_title (self);
      ERR_clear_error ();
      g_once_init_leave (&self->key_title_once, 1);
    }
  return self->key_title;
}

GDateTime *
cw_certificate_get_not_before (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return self->not_before;
}

GDateTime *
cw_certificate_get_not_after (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return self->not_after;
}

GListModel *
cw_certificate_get_alt_names (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return G_LIST_MODEL (get_details (self)->alt_names);
}

const char *const *
cw_certificate_get_usages (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return (const char *const *) get_details (self)->usages;
}

gboolean
cw_certificate_has_usage (CwCertificate *self, const char *oid)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), FALSE);
  g_return_val_if_fail (oid != NULL, FALSE);

  const char *const *usages = cw_certificate_get_usages (self);
  return usages == NULL || g_strv_contains (usages, oid);
}

CwKeyUsage
cw_certificate_get_key_usage (CwCertificate *self, gboolean *present)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), 0);

  static const CwKeyUsage bits[] = {
    CW_KEY_USAGE_DIGITAL_SIGNATURE, CW_KEY_USAGE_NON_REPUDIATION, CW_KEY_USAGE_KEY_ENCIPHERMENT,
    CW_KEY_USAGE_DATA_ENCIPHERMENT, CW_KEY_USAGE_KEY_AGREEMENT,   CW_KEY_USAGE_KEY_CERT_SIGN,
    CW_KEY_USAGE_CRL_SIGN,
  };
  int critical = -1;
  ASN1_BIT_STRING *string = X509_get_ext_d2i (self->light, NID_key_usage, &critical, NULL);
  CwKeyUsage usage = 0;
  for (int i = 0; string != NULL && i < (int) G_N_ELEMENTS (bits); i++)
    if (ASN1_BIT_STRING_get_bit (string, i))
      usage |= bits[i];
  if (present != NULL)
    *present = string != NULL || critical != -1;
  ASN1_BIT_STRING_free (string);
  return usage;
}

const char *const *
cw_certificate_get_issuer_urls (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return (const char *const *) get_details (self)->issuer_urls;
}

gboolean
cw_certificate_is_ca (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), FALSE);

  BASIC_CONSTRAINTS *constraints =
      X509_get_ext_d2i (self->light, NID_basic_constraints, NULL, NULL);
  gboolean is_ca = constraints != NULL && constraints->ca != 0;
  BASIC_CONSTRAINTS_free (constraints);
  return is_ca;
}

gboolean
cw_certificate_is_self_signed (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), FALSE);

  if (g_once_init_enter (&self->self_signed_once))
    {
      self->self_signed = is_signed_by (self, self);
      g_once_init_leave (&self->self_signed_once, 1);
    }
  return self->self_signed;
}

gboolean
cw_certificate_is_issued_by (CwCertificate *self, CwCertificate *issuer)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), FALSE);
  g_return_val_if_fail (CW_IS_CERTIFICATE (issuer), FALSE);

  return is_signed_by (self, issuer);
}

gboolean
cw_certificate_equal (CwCertificate *a, CwCertificate *b)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (a), FALSE);
  g_return_val_if_fail (CW_IS_CERTIFICATE (b), FALSE);

  return a == b || g_bytes_equal (a->der, b->der);
}

X509 *
cw_certificate_peek_x509 (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  if (g_once_init_enter (&self->x509_once))
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (self->der, &size);
      ERR_clear_error ();
      self->x509 = d2i_X509 (NULL, &data, (long) size);
      /* It has been parsed before, so this is for want of memory: then it fits nothing. */
      if (self->x509 == NULL && X509_up_ref (self->light) == 1)
        self->x509 = self->light;
      ERR_clear_error ();
      g_once_init_leave (&self->x509_once, 1);
    }
  return self->x509;
}

const X509_NAME *
cw_certificate_peek_subject_name (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return X509_get_subject_name (self->light);
}

const X509_NAME *
cw_certificate_peek_issuer_name (CwCertificate *self)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (self), NULL);

  return X509_get_issuer_name (self->light);
}
