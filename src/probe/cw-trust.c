/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <openssl/ssl.h>

#include "cw-trust.h"

struct _CwTrust
{
  X509_STORE *store;
  gboolean may_grow; /* by the system's, which are not in it yet */
};

/* Which keys and digests TLS takes here: openssl.cnf may say so. */
static int
get_security_level (void)
{
  static int level;
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
      if (context == NULL)
        g_error ("Out of memory");
      level = SSL_CTX_get_security_level (context);
      SSL_CTX_free (context);
      g_once_init_leave (&once, 1);
    }
  return level;
}

/* The stack borrows its elements. */
static void
push_all (STACK_OF (X509) * stack, GPtrArray *certificates)
{
  for (guint i = 0; certificates != NULL && i < certificates->len; i++)
    sk_X509_push (stack, cw_certificate_peek_x509 (g_ptr_array_index (certificates, i)));
}

static int
verify (X509_STORE *store, X509 *leaf, STACK_OF (X509) * untrusted, X509 **culprit)
{
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  if (context == NULL || X509_STORE_CTX_init (context, store, leaf, untrusted) != 1)
    g_error ("Out of memory");
  X509_STORE_CTX_set_default (context, "ssl_server");
  /* A context of its own would take any key and digest. */
  X509_VERIFY_PARAM_set_auth_level (X509_STORE_CTX_get0_param (context), get_security_level ());
  gboolean verifies = X509_verify_cert (context) == 1;
  int code = X509_STORE_CTX_get_error (context);
  X509 *current = X509_STORE_CTX_get_current_cert (context);
  if (!verifies && culprit != NULL && current != NULL && X509_up_ref (current))
    *culprit = current;
  ERR_clear_error ();
  if (verifies)
    return X509_V_OK;
  return code != X509_V_OK ? code : X509_V_ERR_UNSPECIFIED;
}

CwTrust *
cw_trust_new (GPtrArray *cas, gboolean beside_system)
{
  CwTrust *self = g_new0 (CwTrust, 1);
  self->store = X509_STORE_new ();
  if (self->store == NULL)
    g_error ("Out of memory");
  self->may_grow = cas == NULL || beside_system;
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
cw_trust_verify (CwTrust *self, X509 *leaf, STACK_OF (X509) * untrusted, X509 **culprit)
{
  g_return_val_if_fail (self != NULL, X509_V_ERR_UNSPECIFIED);
  g_return_val_if_fail (leaf != NULL, X509_V_ERR_UNSPECIFIED);

  if (self->may_grow)
    {
      int code = verify (self->store, leaf, untrusted, NULL);
      if (code == X509_V_OK)
        return code;
      /* Whatever it was: theirs may have a newer one in place of one that has expired. */
      self->may_grow = FALSE;
      X509_STORE_set_default_paths (self->store);
    }
  return verify (self->store, leaf, untrusted, culprit);
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
      g_autoptr (CwTrust) trust = cw_trust_new (alone, FALSE);
      if (cw_certificate_is_self_signed (candidate) && cw_trust_verifies (trust, presented, NULL))
        return g_object_ref (candidate);
    }
  return NULL;
}
