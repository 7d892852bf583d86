/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-authority.h"
#include "cw-der.h"
#include "cw-error.h"
#include "cw-issue.h"

struct _CwAuthority
{
  GObject parent_instance;

  CwCertificate *certificate;
  CwKey *key;
};

static const struct
{
  const char *id;
  const char *title;
  int code; /* CRLReason, RFC 5280, 5.3.1 */
} reasons[CW_N_REVOCATION_REASONS] = {
  [CW_REVOCATION_UNSPECIFIED] = { "unspecified", N_ ("No reason given"), CRL_REASON_UNSPECIFIED },
  [CW_REVOCATION_KEY_COMPROMISE] = { "keyCompromise", N_ ("Somebody else may have the private key"),
                                     CRL_REASON_KEY_COMPROMISE },
  [CW_REVOCATION_AFFILIATION_CHANGED] = { "affiliationChanged",
                                          N_ ("The name in it is no longer right"),
                                          CRL_REASON_AFFILIATION_CHANGED },
  [CW_REVOCATION_SUPERSEDED] = { "superseded", N_ ("Another certificate has taken its place"),
                                 CRL_REASON_SUPERSEDED },
  [CW_REVOCATION_CESSATION_OF_OPERATION] = { "cessationOfOperation", N_ ("It is no longer needed"),
                                             CRL_REASON_CESSATION_OF_OPERATION },
  [CW_REVOCATION_PRIVILEGE_WITHDRAWN] = { "privilegeWithdrawn",
                                          N_ ("Its owner may no longer use it"),
                                          CRL_REASON_PRIVILEGE_WITHDRAWN },
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_ENUMERATED, ASN1_ENUMERATED_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_INTEGER, ASN1_INTEGER_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_TIME, ASN1_TIME_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_REVOKED, X509_REVOKED_free)

G_DEFINE_FINAL_TYPE (CwAuthority, cw_authority, G_TYPE_OBJECT)

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
check_name (CwRequest *request, GError **error)
{
  CwSubject *subject = cw_request_get_subject (request);

  if (cw_subject_get (subject, "CN") != NULL)
    return cw_subject_check (subject, error);

  g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                       _ ("The CA has no name yet. Type what it will be called."));

  return FALSE;
}

/* As those will look at it that verify what it has signed. */
static gboolean
check_is_authority (CwCertificate *certificate, GError **error)
{
  gboolean present;
  CwKeyUsage usage = cw_certificate_get_key_usage (certificate, &present);

  if (cw_certificate_is_ca (certificate) && (!present || (usage & CW_KEY_USAGE_KEY_CERT_SIGN) != 0))
    return TRUE;

  g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
               /* Translators: %s is the name in a certificate */
               _ ("“%s” is not a CA’s certificate: what it signs, nobody would accept."),
               cw_certificate_get_title (certificate));

  return FALSE;
}

static gboolean
check_key (CwCertificate *certificate, CwKey *key, GError **error)
{
  if (g_str_equal (cw_certificate_get_key_fingerprint (certificate), cw_key_get_fingerprint (key)))
    return TRUE;

  g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
               /* Translators: %s is the name of a CA */
               _ ("The private key is not that of the CA “%s”. Nothing was signed."),
               cw_certificate_get_title (certificate));

  return FALSE;
}

static gboolean
check_not_ended (CwAuthority *self, GError **error)
{
  return g_date_time_to_unix (cw_certificate_get_not_after (self->certificate)) > get_now () ||
         cw_authority_set_expired (cw_certificate_get_title (self->certificate), error);
}

/* A certificate with the CA's name or key could stand in for the CA itself. Names are compared as
 * those do who look for an issuer: without case and with blanks folded (RFC 5280, 7.1). */
static gboolean
check_is_another (CwAuthority *self, CwGrant *grant, GError **error)
{
  X509 *own = cw_certificate_peek_x509 (self->certificate);
  g_autoptr (X509_NAME) name =
      cw_subject_to_name (cw_request_get_subject (cw_grant_get_request (grant)), error);

  if (name == NULL)
    return FALSE;

  if (g_str_equal (cw_grant_get_key_fingerprint (grant), cw_key_get_fingerprint (self->key)))
    g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                         _ ("The request is for the CA’s own key. Whoever asks needs a key of "
                            "their own."));
  else if (X509_NAME_cmp (name, X509_get_subject_name (own)) == 0)
    g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                         _ ("The request has the CA’s own name. Its certificate needs another "
                            "one."));
  else
    return TRUE;

  return FALSE;
}

/* RFC 5280, 5.3.1: no reason rather than "unspecified". */
static gboolean
set_reason (X509_REVOKED *entry, CwRevocationReason reason)
{
  g_autoptr (ASN1_ENUMERATED) code = ASN1_ENUMERATED_new ();

  if (reason == CW_REVOCATION_UNSPECIFIED)
    return TRUE;

  return code != NULL && ASN1_ENUMERATED_set (code, reasons[reason].code) == 1 &&
         X509_REVOKED_add1_ext_i2d (entry, NID_crl_reason, code, FALSE, X509V3_ADD_DEFAULT) == 1;
}

static gboolean
add_revoked (X509_CRL *crl, const CwRevoked *revoked)
{
  X509 *x509 = cw_certificate_peek_x509 (revoked->certificate);
  g_autoptr (X509_REVOKED) entry = X509_REVOKED_new ();
  g_autoptr (ASN1_TIME) at = ASN1_TIME_set (NULL, (time_t) g_date_time_to_unix (revoked->at));

  if (entry == NULL || at == NULL ||
      X509_REVOKED_set_serialNumber (entry, X509_get_serialNumber (x509)) != 1 ||
      X509_REVOKED_set_revocationDate (entry, at) != 1 || !set_reason (entry, revoked->reason) ||
      X509_CRL_add0_revoked (crl, entry) != 1)
    return FALSE;

  g_steal_pointer (&entry);

  return TRUE;
}

/* An hour ago, if nothing was revoked since: a list does not know what comes after it. */
static gint64
choose_this_update (GPtrArray *revoked, gint64 now)
{
  gint64 begin = now - CW_ISSUE_BACKDATE;

  for (guint i = 0; i < revoked->len; i++)
    {
      const CwRevoked *entry = g_ptr_array_index (revoked, i);

      begin = MAX (begin, g_date_time_to_unix (entry->at));
    }

  return MIN (begin, now);
}

static gboolean
set_crl_dates (X509_CRL *crl, GPtrArray *revoked, guint days)
{
  gint64 now = get_now ();
  g_autoptr (ASN1_TIME) this_update =
      ASN1_TIME_set (NULL, (time_t) choose_this_update (revoked, now));
  g_autoptr (ASN1_TIME) next_update =
      ASN1_TIME_set (NULL, (time_t) (now + (gint64) days * CW_ISSUE_DAY));

  return this_update != NULL && next_update != NULL &&
         X509_CRL_set1_lastUpdate (crl, this_update) == 1 &&
         X509_CRL_set1_nextUpdate (crl, next_update) == 1;
}

static gboolean
set_crl_extensions (CwAuthority *self, X509_CRL *crl, guint64 number)
{
  g_autoptr (ASN1_INTEGER) crl_number = ASN1_INTEGER_new ();
  g_autoptr (CwExtensions) extensions = NULL;

  if (crl_number == NULL || ASN1_INTEGER_set_uint64 (crl_number, number) != 1 ||
      !cw_extensions_add_authority_key_id (&extensions,
                                           cw_certificate_peek_x509 (self->certificate),
                                           cw_key_peek_pkey (self->key)) ||
      X509_CRL_add_ext (crl, sk_X509_EXTENSION_value (extensions, 0), -1) != 1)
    return FALSE;

  return X509_CRL_add1_ext_i2d (crl, NID_crl_number, crl_number, FALSE, X509V3_ADD_DEFAULT) == 1;
}

static X509_CRL *
make_crl (CwAuthority *self, GPtrArray *revoked, guint64 number, guint days)
{
  X509 *issuer = cw_certificate_peek_x509 (self->certificate);
  EVP_PKEY *pkey = cw_key_peek_pkey (self->key);
  g_autoptr (X509_CRL) crl = X509_CRL_new ();

  if (crl == NULL || X509_CRL_set_version (crl, X509_CRL_VERSION_2) != 1 ||
      X509_CRL_set_issuer_name (crl, X509_get_subject_name (issuer)) != 1 ||
      !set_crl_dates (crl, revoked, days))
    return NULL;
  for (guint i = 0; i < revoked->len; i++)
    if (!add_revoked (crl, g_ptr_array_index (revoked, i)))
      return NULL;

  if (X509_CRL_sort (crl) != 1 || !set_crl_extensions (self, crl, number) ||
      X509_CRL_sign (crl, pkey, cw_pkey_choose_hash (pkey)) <= 0 ||
      X509_CRL_verify (crl, pkey) != 1)
    return NULL;

  return g_steal_pointer (&crl);
}

static CwCrl *
read_back (X509_CRL *crl, GError **error)
{
  guint8 *der = NULL;
  const int size = i2d_X509_CRL (crl, &der);
  g_autoptr (GBytes) bytes = cw_der_take (der, size);

  return bytes != NULL ? cw_crl_new_from_der (bytes, error) : NULL;
}

static void
cw_authority_finalize (GObject *object)
{
  CwAuthority *self = CW_AUTHORITY (object);

  g_clear_object (&self->certificate);
  g_clear_pointer (&self->key, cw_key_unref);

  G_OBJECT_CLASS (cw_authority_parent_class)->finalize (object);
}

static void
cw_authority_class_init (CwAuthorityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_authority_finalize;
}

static void
cw_authority_init (CwAuthority *self)
{
}

const char *
cw_revocation_reason_get_id (CwRevocationReason reason)
{
  g_return_val_if_fail ((guint) reason < CW_N_REVOCATION_REASONS, NULL);

  return reasons[reason].id;
}

gboolean
cw_revocation_reason_from_id (const char *id, CwRevocationReason *reason)
{
  g_return_val_if_fail (reason != NULL, FALSE);

  for (guint i = 0; id != NULL && i < CW_N_REVOCATION_REASONS; i++)
    if (g_str_equal (reasons[i].id, id))
      {
        *reason = (CwRevocationReason) i;
        return TRUE;
      }

  return FALSE;
}

const char *
cw_revocation_reason_get_title (CwRevocationReason reason)
{
  g_return_val_if_fail ((guint) reason < CW_N_REVOCATION_REASONS, NULL);

  return _ (reasons[reason].title);
}

CwCertificate *
cw_authority_create_certificate (CwRequest *request, CwKey *key, GError **error)
{
  gint64 now = get_now ();
  GError *local_error = NULL;
  CwCertificate *certificate;
  EVP_PKEY *pkey;

  g_return_val_if_fail (CW_IS_REQUEST (request), NULL);
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  ERR_clear_error ();
  if (!check_name (request, error))
    return NULL;

  pkey = cw_key_peek_pkey (key);
  certificate = cw_issue_sign (
      &(CwIssue){
          .request = request,
          .pkey = pkey,
          .is_ca = TRUE,
          .issuer_pkey = pkey,
          .not_before = now - CW_ISSUE_BACKDATE,
          .not_after = now + (gint64) cw_request_get_days (request) * CW_ISSUE_DAY,
      },
      &local_error);
  if (certificate == NULL)
    cw_issue_set_error (error, local_error, pkey);

  return certificate;
}

CwAuthority *
cw_authority_new (CwCertificate *certificate, CwKey *key, GError **error)
{
  CwAuthority *self;

  g_return_val_if_fail (CW_IS_CERTIFICATE (certificate), NULL);
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_is_authority (certificate, error) || !check_key (certificate, key, error))
    return NULL;

  self = g_object_new (CW_TYPE_AUTHORITY, NULL);
  self->certificate = g_object_ref (certificate);
  self->key = cw_key_ref (key);

  return self;
}

CwCertificate *
cw_authority_get_certificate (CwAuthority *self)
{
  g_return_val_if_fail (CW_IS_AUTHORITY (self), NULL);

  return self->certificate;
}

gboolean
cw_authority_clip (CwCertificate *certificate, guint days, GDateTime **not_after)
{
  gint64 wanted = get_now () + (gint64) days * CW_ISSUE_DAY;
  gint64 most;

  g_return_val_if_fail (CW_IS_CERTIFICATE (certificate), FALSE);

  most = g_date_time_to_unix (cw_certificate_get_not_after (certificate));
  if (not_after != NULL)
    *not_after = g_date_time_new_from_unix_utc (MIN (wanted, most));

  return wanted > most;
}

CwCertificate *
cw_authority_sign (CwAuthority *self, CwGrant *grant, GError **error)
{
  g_autoptr (X509_REQ) req = NULL;
  g_autoptr (GDateTime) not_after = NULL;
  GError *local_error = NULL;
  CwCertificate *certificate;
  CwRequest *request;
  gint64 begin;

  g_return_val_if_fail (CW_IS_AUTHORITY (self), NULL);
  g_return_val_if_fail (CW_IS_GRANT (grant), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_not_ended (self, error) || !cw_grant_check (grant, error) ||
      !check_is_another (self, grant, error))
    return NULL;
  req = cw_csr_parse (cw_grant_get_csr (grant), error);
  if (req == NULL)
    return NULL;

  request = cw_grant_get_request (grant);
  begin = g_date_time_to_unix (cw_certificate_get_not_before (self->certificate));
  cw_authority_clip (self->certificate, cw_request_get_days (request), &not_after);
  certificate = cw_issue_sign (
      &(CwIssue){
          .request = request,
          .pkey = X509_REQ_get0_pubkey (req),
          .issuer = cw_certificate_peek_x509 (self->certificate),
          .issuer_pkey = cw_key_peek_pkey (self->key),
          .not_before = MAX (get_now () - CW_ISSUE_BACKDATE, begin),
          .not_after = g_date_time_to_unix (not_after),
      },
      &local_error);
  if (certificate == NULL)
    cw_issue_set_error (error, local_error, cw_key_peek_pkey (self->key));

  return certificate;
}

CwCrl *
cw_authority_create_crl (
    CwAuthority *self, GPtrArray *revoked, guint64 number, guint days, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (X509_CRL) crl = NULL;
  CwCrl *read = NULL;

  g_return_val_if_fail (CW_IS_AUTHORITY (self), NULL);
  g_return_val_if_fail (revoked != NULL, NULL);
  g_return_val_if_fail (days >= 1, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  ERR_clear_error ();
  crl = make_crl (self, revoked, number, days);
  if (crl != NULL)
    read = read_back (crl, &local_error);
  if (read != NULL)
    return read;

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    cw_error_set_openssl (error, CW_ERROR_FAILED,
                          /* Translators: %s is the name of a CA */
                          _ ("The revocation list of the CA “%s” could not be signed. Try again."),
                          cw_certificate_get_title (self->certificate));

  return NULL;
}

gboolean
cw_authority_set_expired (const char *name, GError **error)
{
  g_return_val_if_fail (name != NULL, FALSE);

  g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
               /* Translators: %s is the name of a CA */
               _ ("The certificate of the CA “%s” has expired, so that nobody would accept what it "
                  "signs. Make a new CA."),
               name);
  return FALSE;
}
