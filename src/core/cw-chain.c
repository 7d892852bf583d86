/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-chain.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-verification.h"

/* No real chain is this long; what is longer was made to keep us busy. */
#define MAX_LENGTH 32

struct _CwChain
{
  GObject parent;

  GPtrArray *certificates; /* leaf first */
};

G_DEFINE_FINAL_TYPE (CwChain, cw_chain, G_TYPE_OBJECT)

static gboolean
is_valid_at (CwCertificate *certificate, GDateTime *at)
{
  return g_date_time_compare (cw_certificate_get_not_before (certificate), at) <= 0 &&
         g_date_time_compare (at, cw_certificate_get_not_after (certificate)) <= 0;
}

/* Of two issuers with the same name and key: whether @a is the one to take. */
static gboolean
is_better (CwCertificate *a, CwCertificate *b, GDateTime *now)
{
  gboolean valid_a = is_valid_at (a, now), valid_b = is_valid_at (b, now);
  if (valid_a != valid_b)
    return valid_a;
  gboolean ca_a = cw_certificate_is_ca (a), ca_b = cw_certificate_is_ca (b);
  if (ca_a != ca_b)
    return ca_a;
  /* A root ends the chain; its cross-signed twin needs somebody else's root. */
  gboolean root_a = cw_certificate_is_self_signed (a), root_b = cw_certificate_is_self_signed (b);
  if (root_a != root_b)
    return root_a;
  return g_date_time_compare (cw_certificate_get_not_after (a), cw_certificate_get_not_after (b)) >
         0;
}

/* A name and key that the chain has been through already would make a loop. */
static gboolean
is_in_chain (CwChain *self, CwCertificate *candidate)
{
  X509 *x509 = cw_certificate_peek_x509 (candidate);
  for (guint i = 0; i < self->certificates->len; i++)
    {
      X509 *other = cw_certificate_peek_x509 (g_ptr_array_index (self->certificates, i));
      if (X509_NAME_cmp (X509_get_subject_name (x509), X509_get_subject_name (other)) == 0 &&
          EVP_PKEY_eq (X509_get0_pubkey (x509), X509_get0_pubkey (other)) == 1)
        return TRUE;
    }
  return FALSE;
}

static CwCertificate *
find_issuer (CwChain *self, CwCertificate *certificate, GPtrArray *candidates, GDateTime *now)
{
  CwCertificate *best = NULL;
  for (guint i = 0; i < candidates->len; i++)
    {
      CwCertificate *candidate = g_ptr_array_index (candidates, i);
      if (cw_certificate_is_issued_by (certificate, candidate) && !is_in_chain (self, candidate) &&
          (best == NULL || is_better (candidate, best, now)))
        best = candidate;
    }
  return best;
}

static void
follow_issuers (CwChain *self, GPtrArray *candidates, GDateTime *at)
{
  g_autoptr (GDateTime) now = at != NULL ? g_date_time_ref (at) : g_date_time_new_now_utc ();
  CwCertificate *last = cw_chain_get_leaf (self);
  while (!cw_certificate_is_self_signed (last) && self->certificates->len < MAX_LENGTH)
    {
      last = find_issuer (self, last, candidates, now);
      if (last == NULL)
        return;
      g_ptr_array_add (self->certificates, g_object_ref (last));
    }
}

static CwCertificate *
get_last (CwChain *self)
{
  return g_ptr_array_index (self->certificates, self->certificates->len - 1);
}

static void
cw_chain_finalize (GObject *object)
{
  CwChain *self = CW_CHAIN (object);

  g_clear_pointer (&self->certificates, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_chain_parent_class)->finalize (object);
}

static void
cw_chain_class_init (CwChainClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_chain_finalize;
}

static void
cw_chain_init (CwChain *self)
{
  self->certificates = g_ptr_array_new_with_free_func (g_object_unref);
}

CwChain *
cw_chain_new (CwCertificate *leaf, GPtrArray *candidates, GDateTime *at)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (leaf), NULL);

  CwChain *self = g_object_new (CW_TYPE_CHAIN, NULL);
  g_ptr_array_add (self->certificates, g_object_ref (leaf));
  if (candidates != NULL)
    follow_issuers (self, candidates, at);
  return self;
}

CwCertificate *
cw_chain_get_leaf (CwChain *self)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), NULL);

  return g_ptr_array_index (self->certificates, 0);
}

GPtrArray *
cw_chain_get_certificates (CwChain *self)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), NULL);

  return self->certificates;
}

gboolean
cw_chain_is_complete (CwChain *self)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), FALSE);

  return cw_certificate_is_self_signed (get_last (self));
}

CwSubject *
cw_chain_get_missing_issuer (CwChain *self)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), NULL);

  return cw_chain_is_complete (self) ? NULL : cw_certificate_get_issuer (get_last (self));
}

gboolean
cw_chain_verify (CwChain *self, GDateTime *at, guint *depth, GError **error)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), FALSE);

  CwVerification result;
  if (cw_verification_run (self->certificates, at, TRUE, &result))
    return TRUE;

  if (depth != NULL)
    *depth = result.depth;
  cw_verification_set_error (&result, self->certificates, error);
  return FALSE;
}

char *
cw_chain_to_pem (CwChain *self, gboolean with_root)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), NULL);

  GString *text = g_string_new (NULL);
  for (guint i = 0; i < self->certificates->len; i++)
    {
      CwCertificate *certificate = g_ptr_array_index (self->certificates, i);
      /* A self-signed leaf is what is asked for, not somebody's root. */
      if (i > 0 && !with_root && cw_certificate_is_self_signed (certificate))
        break;
      g_autofree char *pem = cw_certificate_to_pem (certificate);
      g_string_append (text, pem);
    }
  return g_string_free (text, FALSE);
}
