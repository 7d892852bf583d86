/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-trust.h"

static void
add_all (X509_STORE *store, GPtrArray *cas)
{
  for (guint i = 0; cas != NULL && i < cas->len; i++)
    X509_STORE_add_cert (store, cw_certificate_peek_x509 (g_ptr_array_index (cas, i)));
}

/* The stack borrows its elements. */
static void
push_all (STACK_OF (X509) * stack, GPtrArray *certificates)
{
  for (guint i = 0; certificates != NULL && i < certificates->len; i++)
    sk_X509_push (stack, cw_certificate_peek_x509 (g_ptr_array_index (certificates, i)));
}

X509_STORE *
cw_trust_new (GPtrArray *cas)
{
  g_autoptr (X509_STORE) store = X509_STORE_new ();
  if (store == NULL)
    g_error ("Out of memory");
  X509_STORE_set_default_paths (store);
  add_all (store, cas);
  ERR_clear_error ();
  return g_steal_pointer (&store);
}

gboolean
cw_trust_verifies (X509_STORE *trust, GPtrArray *presented, GPtrArray *more)
{
  g_return_val_if_fail (trust != NULL, FALSE);
  g_return_val_if_fail (presented != NULL, FALSE);

  if (presented->len == 0)
    return FALSE;
  STACK_OF (X509) *untrusted = sk_X509_new_null ();
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  push_all (untrusted, presented);
  push_all (untrusted, more);
  X509 *leaf = cw_certificate_peek_x509 (g_ptr_array_index (presented, 0));
  gboolean verifies =
      context != NULL && X509_STORE_CTX_init (context, trust, leaf, untrusted) == 1 &&
      X509_STORE_CTX_set_default (context, "ssl_server") == 1 && X509_verify_cert (context) == 1;
  sk_X509_free (untrusted);
  ERR_clear_error ();
  return verifies;
}

CwCertificate *
cw_trust_find_offer (GPtrArray *presented)
{
  g_return_val_if_fail (presented != NULL, NULL);

  for (guint i = presented->len; i > 0; i--)
    {
      CwCertificate *candidate = g_ptr_array_index (presented, i - 1);
      g_autoptr (X509_STORE) alone = X509_STORE_new ();
      X509_STORE_add_cert (alone, cw_certificate_peek_x509 (candidate));
      if (cw_certificate_is_self_signed (candidate) && cw_trust_verifies (alone, presented, NULL))
        return g_object_ref (candidate);
    }
  return NULL;
}
