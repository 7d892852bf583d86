/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-trust.h"

struct _CwTrust
{
  X509_STORE *store;
  gboolean system; /* whether the system's are in it by now */
};

/* The stack borrows its elements. */
static void
push_all (STACK_OF (X509) * stack, GPtrArray *certificates)
{
  for (guint i = 0; certificates != NULL && i < certificates->len; i++)
    sk_X509_push (stack, cw_certificate_peek_x509 (g_ptr_array_index (certificates, i)));
}

static int
verify (X509_STORE *store, X509 *leaf, STACK_OF (X509) * untrusted, guint *depth)
{
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  if (context == NULL || X509_STORE_CTX_init (context, store, leaf, untrusted) != 1)
    g_error ("Out of memory");
  X509_STORE_CTX_set_default (context, "ssl_server");
  gboolean verifies = X509_verify_cert (context) == 1;
  int code = X509_STORE_CTX_get_error (context);
  if (!verifies && depth != NULL)
    *depth = (guint) MAX (X509_STORE_CTX_get_error_depth (context), 0);
  ERR_clear_error ();
  if (verifies)
    return X509_V_OK;
  return code != X509_V_OK ? code : X509_V_ERR_UNSPECIFIED;
}

/* Whether more CAs could help. */
static gboolean
lacks_issuer (int code)
{
  switch (code)
    {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return TRUE;
    default:
      return FALSE;
    }
}

CwTrust *
cw_trust_new (GPtrArray *cas)
{
  CwTrust *self = g_new0 (CwTrust, 1);
  self->store = X509_STORE_new ();
  if (self->store == NULL)
    g_error ("Out of memory");
  for (guint i = 0; cas != NULL && i < cas->len; i++)
    X509_STORE_add_cert (self->store, cw_certificate_peek_x509 (g_ptr_array_index (cas, i)));
  ERR_clear_error ();
  return self;
}

void
cw_trust_free (CwTrust *self)
{
  g_return_if_fail (self != NULL);

  X509_STORE_free (self->store);
  g_free (self);
}

int
cw_trust_verify (CwTrust *self, X509 *leaf, STACK_OF (X509) * untrusted, guint *depth)
{
  g_return_val_if_fail (self != NULL, X509_V_ERR_UNSPECIFIED);
  g_return_val_if_fail (leaf != NULL, X509_V_ERR_UNSPECIFIED);

  int code = verify (self->store, leaf, untrusted, depth);
  if (!lacks_issuer (code) || self->system)
    return code;
  self->system = TRUE;
  X509_STORE_set_default_paths (self->store);
  return verify (self->store, leaf, untrusted, depth);
}

gboolean
cw_trust_verifies (CwTrust *self, GPtrArray *presented, GPtrArray *more)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (presented != NULL, FALSE);

  if (presented->len == 0)
    return FALSE;
  STACK_OF (X509) *untrusted = sk_X509_new_null ();
  push_all (untrusted, presented);
  push_all (untrusted, more);
  X509 *leaf = cw_certificate_peek_x509 (g_ptr_array_index (presented, 0));
  int code = cw_trust_verify (self, leaf, untrusted, NULL);
  sk_X509_free (untrusted);
  return code == X509_V_OK;
}

CwCertificate *
cw_trust_find_offer (GPtrArray *presented)
{
  g_return_val_if_fail (presented != NULL, NULL);

  for (guint i = presented->len; i > 0; i--)
    {
      CwCertificate *candidate = g_ptr_array_index (presented, i - 1);
      g_autoptr (GPtrArray) alone = g_ptr_array_new ();
      g_ptr_array_add (alone, candidate);
      g_autoptr (CwTrust) trust = cw_trust_new (alone);
      /* Without the system's: those did not do. */
      trust->system = TRUE;
      if (cw_certificate_is_self_signed (candidate) && cw_trust_verifies (trust, presented, NULL))
        return g_object_ref (candidate);
    }
  return NULL;
}
