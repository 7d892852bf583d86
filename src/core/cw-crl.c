/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-crl.h"
#include "cw-error.h"
#include "cw-openssl.h"

#define REVOKED 1 /* as X509_CRL_get0_by_cert(3) says it; 2 is removeFromCRL */

struct _CwCrl
{
  GObject parent;

  GBytes *der;
  X509_CRL *crl;
  CwSubject *issuer;
  GDateTime *this_update;
  GDateTime *next_update;
};

G_DEFINE_FINAL_TYPE (CwCrl, cw_crl, G_TYPE_OBJECT)

static void
cw_crl_finalize (GObject *object)
{
  CwCrl *self = CW_CRL (object);

  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_pointer (&self->crl, X509_CRL_free);
  g_clear_object (&self->issuer);
  g_clear_pointer (&self->this_update, g_date_time_unref);
  g_clear_pointer (&self->next_update, g_date_time_unref);

  G_OBJECT_CLASS (cw_crl_parent_class)->finalize (object);
}

static void
cw_crl_class_init (CwCrlClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_crl_finalize;
}

static void
cw_crl_init (CwCrl *self)
{
}

CwCrl *
cw_crl_new_from_der (GBytes *der, GError **error)
{
  g_return_val_if_fail (der != NULL, NULL);

  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  const guint8 *end = data;

  ERR_clear_error ();
  g_autoptr (X509_CRL) crl = size <= G_MAXINT ? d2i_X509_CRL (NULL, &end, (long) size) : NULL;
  g_autoptr (GDateTime) this_update =
      crl != NULL ? cw_date_time_from_asn1 (X509_CRL_get0_lastUpdate (crl)) : NULL;
  if (this_update == NULL || end != data + size)
    {
      cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                            _ ("This is not a revocation list, or it is damaged."));
      return NULL;
    }

  CwCrl *self = g_object_new (CW_TYPE_CRL, NULL);
  const ASN1_TIME *next_update = X509_CRL_get0_nextUpdate (crl);
  self->der = g_bytes_ref (der);
  self->issuer = cw_subject_new_for_name (X509_CRL_get_issuer (crl));
  self->this_update = g_steal_pointer (&this_update);
  self->next_update = next_update != NULL ? cw_date_time_from_asn1 (next_update) : NULL;
  self->crl = g_steal_pointer (&crl);
  ERR_clear_error ();
  return self;
}

GBytes *
cw_crl_get_der (CwCrl *self)
{
  g_return_val_if_fail (CW_IS_CRL (self), NULL);

  return self->der;
}

char *
cw_crl_to_pem (CwCrl *self)
{
  g_autoptr (BIO) bio = NULL;
  const unsigned char *der;
  char *text = NULL;
  long length;
  gsize size;

  g_return_val_if_fail (CW_IS_CRL (self), NULL);

  der = g_bytes_get_data (self->der, &size);
  bio = BIO_new (BIO_s_mem ());
  if (bio == NULL || PEM_write_bio (bio, PEM_STRING_X509_CRL, "", der, (long) size) <= 0)
    g_error ("%s: failed to allocate memory", G_STRLOC);
  length = BIO_get_mem_data (bio, &text);

  return g_strndup (text, (gsize) length);
}

CwSubject *
cw_crl_get_issuer (CwCrl *self)
{
  g_return_val_if_fail (CW_IS_CRL (self), NULL);

  return self->issuer;
}

GDateTime *
cw_crl_get_this_update (CwCrl *self)
{
  g_return_val_if_fail (CW_IS_CRL (self), NULL);

  return self->this_update;
}

GDateTime *
cw_crl_get_next_update (CwCrl *self)
{
  g_return_val_if_fail (CW_IS_CRL (self), NULL);

  return self->next_update;
}

gboolean
cw_crl_has_number (CwCrl *self)
{
  g_return_val_if_fail (CW_IS_CRL (self), FALSE);

  return X509_CRL_get_ext_by_NID (self->crl, NID_crl_number, -1) >= 0;
}

gboolean
cw_crl_is_limited (CwCrl *self)
{
  g_return_val_if_fail (CW_IS_CRL (self), TRUE);

  return X509_CRL_get_ext_by_critical (self->crl, 1, -1) >= 0 ||
         X509_CRL_get_ext_by_NID (self->crl, NID_delta_crl, -1) >= 0 ||
         X509_CRL_get_ext_by_NID (self->crl, NID_issuing_distribution_point, -1) >= 0;
}

gboolean
cw_crl_names_issuer_of (CwCrl *self, CwCertificate *certificate)
{
  g_return_val_if_fail (CW_IS_CRL (self), FALSE);
  g_return_val_if_fail (CW_IS_CERTIFICATE (certificate), FALSE);

  return X509_NAME_cmp (X509_CRL_get_issuer (self->crl),
                        X509_get_issuer_name (cw_certificate_peek_x509 (certificate))) == 0;
}

gboolean
cw_crl_is_issued_by (CwCrl *self, CwCertificate *issuer)
{
  g_return_val_if_fail (CW_IS_CRL (self), FALSE);
  g_return_val_if_fail (CW_IS_CERTIFICATE (issuer), FALSE);

  X509 *x509 = cw_certificate_peek_x509 (issuer);
  if (X509_NAME_cmp (X509_CRL_get_issuer (self->crl), X509_get_subject_name (x509)) != 0)
    return FALSE;

  ERR_clear_error ();
  EVP_PKEY *pkey = X509_get0_pubkey (x509);
  gboolean verified = pkey != NULL && X509_CRL_verify (self->crl, pkey) == 1;
  ERR_clear_error ();
  return verified;
}

gboolean
cw_crl_find_revocation (CwCrl *self, CwCertificate *certificate, GDateTime **since)
{
  g_return_val_if_fail (CW_IS_CRL (self), FALSE);
  g_return_val_if_fail (CW_IS_CERTIFICATE (certificate), FALSE);

  X509_REVOKED *entry = NULL;
  if (X509_CRL_get0_by_cert (self->crl, &entry, cw_certificate_peek_x509 (certificate)) != REVOKED)
    return FALSE;
  if (since != NULL)
    *since = cw_date_time_from_asn1 (X509_REVOKED_get0_revocationDate (entry));
  return TRUE;
}
