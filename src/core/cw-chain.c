/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-chain-private.h"
#include "cw-path.h"
#include "cw-usage.h"
#include "cw-verification.h"

/* What OpenSSL says of it for one purpose, once it was asked. */
typedef struct
{
  gsize once;
  GArray *objections;
  GArray *strict_objections;
} Judgement;

struct _CwChain
{
  GObject parent;

  GPtrArray *certificates; /* leaf first */

  Judgement judgements[2]; /* as a client's, as a server's */
};

G_DEFINE_FINAL_TYPE (CwChain, cw_chain, G_TYPE_OBJECT)

static CwCertificate *
get_last (CwChain *self)
{
  return g_ptr_array_index (self->certificates, self->certificates->len - 1);
}

static gboolean
has_objection (GArray *objections, const CwVerification *wanted)
{
  for (guint i = 0; i < objections->len; i++)
    {
      const CwVerification *one = &g_array_index (objections, CwVerification, i);
      if (one->code == wanted->code && one->depth == wanted->depth)
        return TRUE;
    }
  return FALSE;
}

/* Every signature was verified when the path was built. */
static void
ask_openssl (CwChain *self, gboolean for_server, Judgement *judgement)
{
  CwVerificationFlags flags =
      CW_VERIFICATION_KNOWN_SIGNATURES | (for_server ? CW_VERIFICATION_SERVER : 0);

  judgement->objections = cw_verification_run (self->certificates, NULL, flags);
  judgement->strict_objections =
      cw_verification_run (self->certificates, NULL, flags | CW_VERIFICATION_STRICT);
  for (guint i = judgement->strict_objections->len; i > 0; i--)
    if (has_objection (judgement->objections,
                       &g_array_index (judgement->strict_objections, CwVerification, i - 1)))
      g_array_remove_index (judgement->strict_objections, i - 1);
}

static Judgement *
ask_openssl_once (CwChain *self, gboolean for_server)
{
  Judgement *judgement = &self->judgements[for_server ? 1 : 0];

  if (g_once_init_enter (&judgement->once))
    {
      ask_openssl (self, for_server, judgement);
      g_once_init_leave (&judgement->once, 1);
    }
  return judgement;
}

static void
cw_chain_finalize (GObject *object)
{
  CwChain *self = CW_CHAIN (object);

  g_clear_pointer (&self->certificates, g_ptr_array_unref);
  for (guint i = 0; i < G_N_ELEMENTS (self->judgements); i++)
    {
      g_clear_pointer (&self->judgements[i].objections, g_array_unref);
      g_clear_pointer (&self->judgements[i].strict_objections, g_array_unref);
    }

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
}

CwChain *
cw_chain_new (CwCertificate *leaf, GPtrArray *candidates, GDateTime *at)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (leaf), NULL);

  CwChain *self = g_object_new (CW_TYPE_CHAIN, NULL);
  g_autoptr (GDateTime) moment = at != NULL ? g_date_time_ref (at) : g_date_time_new_now_utc ();
  self->certificates = cw_path_find (leaf, candidates, moment, NULL);
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

CwCertificate *
cw_chain_get_fetchable (CwChain *self)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), NULL);

  CwCertificate *last = get_last (self);
  return !cw_chain_is_complete (self) && cw_certificate_get_issuer_urls (last)[0] != NULL ? last
                                                                                          : NULL;
}

gboolean
cw_chain_verify (CwChain *self, GDateTime *at, guint *depth, GError **error)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), FALSE);

  g_autoptr (GArray) objections =
      cw_verification_run (self->certificates, at, CW_VERIFICATION_DATES);
  if (objections->len == 0)
    return TRUE;

  const CwVerification *first = &g_array_index (objections, CwVerification, 0);
  if (depth != NULL)
    *depth = first->depth;
  cw_verification_set_error (first, self->certificates, error);
  return FALSE;
}

char *
cw_chain_explain_refusal (CwChain *self, guint depth)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), NULL);

  gboolean for_server = cw_usages_only_serve (cw_certificate_get_usages (cw_chain_get_leaf (self)));
  GArray *objections = ask_openssl_once (self, for_server)->objections;
  for (guint i = 0; i < objections->len; i++)
    {
      const CwVerification *one = &g_array_index (objections, CwVerification, i);
      if (one->depth == depth)
        return cw_verification_describe (one, self->certificates);
    }
  return NULL;
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

GArray *
cw_chain_get_objections (CwChain *self, gboolean for_server)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), NULL);

  return ask_openssl_once (self, for_server)->objections;
}

GArray *
cw_chain_get_strict_objections (CwChain *self, gboolean for_server)
{
  g_return_val_if_fail (CW_IS_CHAIN (self), NULL);

  return ask_openssl_once (self, for_server)->strict_objections;
}

char *
cw_chain_cas_to_pem (CwChain *self)
{
  g_autoptr (GPtrArray) cas = g_ptr_array_new ();

  g_return_val_if_fail (CW_IS_CHAIN (self), NULL);

  if (!cw_chain_is_complete (self))
    return NULL;

  for (guint i = 1; i < self->certificates->len; i++)
    g_ptr_array_add (cas, self->certificates->pdata[i]);
  return cas->len > 0 ? cw_certificates_to_pem (cas) : NULL;
}
