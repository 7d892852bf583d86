/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-reply-item-private.h"
#include "cw-text.h"

struct _CwReplyItem
{
  GObject parent;

  CwReplyKind kind;
  CwReplyRole role;
  CwCertificate *certificate;
  CwKey *key;
  GBytes *request;
  CwCrl *crl;
  CwSecret *key_pem; /* locked */
  GBytes *pkcs12;    /* locked */
  char *title;
  char *file;
  guint line;
  goffset offset;
  char *remark;
  char *source; /* file and line in words */
  GError *error;
};

G_DEFINE_FINAL_TYPE (CwReplyItem, cw_reply_item, G_TYPE_OBJECT)

static CwReplyItem *
item_new (CwReplyKind kind, const char *title, const CwReplyPlace *place)
{
  CwReplyItem *self = g_object_new (CW_TYPE_REPLY_ITEM, NULL);
  self->kind = kind;
  self->title = g_strdup (title);
  self->file = g_strdup (place->file);
  self->line = place->line;
  self->offset = place->offset;
  self->remark = g_strdup (place->remark);
  return self;
}

static void
cw_reply_item_finalize (GObject *object)
{
  CwReplyItem *self = CW_REPLY_ITEM (object);

  g_clear_object (&self->certificate);
  g_clear_pointer (&self->key, cw_key_unref);
  g_clear_pointer (&self->request, g_bytes_unref);
  g_clear_object (&self->crl);
  g_clear_pointer (&self->key_pem, cw_secret_unref);
  g_clear_pointer (&self->pkcs12, g_bytes_unref);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->file, g_free);
  g_clear_pointer (&self->remark, g_free);
  g_clear_pointer (&self->source, g_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (cw_reply_item_parent_class)->finalize (object);
}

static void
cw_reply_item_class_init (CwReplyItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_reply_item_finalize;
}

static void
cw_reply_item_init (CwReplyItem *self)
{
}

const char *
cw_reply_role_get_text (CwReplyRole role, gboolean any_yours)
{
  switch (role)
    {
    case CW_REPLY_ROLE_YOURS:
      return _ ("Your certificate");
    case CW_REPLY_ROLE_INTERMEDIATE:
      return _ ("Certificate of the CA (intermediate)");
    case CW_REPLY_ROLE_ROOT:
      return _ ("Certificate of the CA (root)");
    case CW_REPLY_ROLE_NOT_RELATED:
      return any_yours ? _ ("Not needed: has nothing to do with yours") : _ ("A certificate");
    case CW_REPLY_ROLE_UNKNOWN:
    default:
      return _ ("A certificate");
    }
}

CwReplyKind
cw_reply_item_get_kind (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), CW_REPLY_KIND_UNREADABLE);

  return self->kind;
}

CwReplyRole
cw_reply_item_get_role (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), CW_REPLY_ROLE_UNKNOWN);

  return self->role;
}

CwCertificate *
cw_reply_item_get_certificate (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), NULL);

  return self->certificate;
}

CwKey *
cw_reply_item_get_key (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), NULL);

  return self->key;
}

GBytes *
cw_reply_item_get_request (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), NULL);

  return self->request;
}

CwCrl *
cw_reply_item_get_crl (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), NULL);

  return self->crl;
}

const char *
cw_reply_item_get_title (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), NULL);

  /* Only read from the certificate when it is wanted: there may be thousands. */
  return self->certificate != NULL ? cw_certificate_get_title (self->certificate) : self->title;
}

const char *
cw_reply_item_get_source (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), NULL);

  if (self->source == NULL)
    self->source =
        self->line > 0
            /* Translators: where something was found: a file's name and the line in it */
            ? g_strdup_printf (_ ("%s, line %u"), self->file, self->line)
            : g_strdup (self->file);
  return self->source;
}

const char *
cw_reply_item_get_file (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), NULL);

  return self->file;
}

guint
cw_reply_item_get_line (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), 0);

  return self->line;
}

goffset
cw_reply_item_get_offset (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), 0);

  return self->offset;
}

const char *
cw_reply_item_get_remark (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), NULL);

  return self->remark;
}

const GError *
cw_reply_item_get_error (CwReplyItem *self)
{
  g_return_val_if_fail (CW_IS_REPLY_ITEM (self), NULL);

  return self->error;
}

CwReplyItem *
cw_reply_item_new_certificate (CwCertificate *certificate, const CwReplyPlace *place)
{
  CwReplyItem *self = item_new (CW_REPLY_KIND_CERTIFICATE, NULL, place);
  self->certificate = g_object_ref (certificate);
  return self;
}

CwReplyItem *
cw_reply_item_new_key (CwKey *key, const CwReplyPlace *place)
{
  /* Translators: %s is the kind of key: "RSA 3072" */
  g_autofree char *title = g_strdup_printf (_ ("Private key, %s"), cw_key_get_title (key));
  CwReplyItem *self = item_new (CW_REPLY_KIND_KEY, title, place);
  self->key = cw_key_ref (key);
  return self;
}

CwReplyItem *
cw_reply_item_new_request (GBytes *csr, const char *title, const CwReplyPlace *place)
{
  CwReplyItem *self = item_new (CW_REPLY_KIND_REQUEST, title, place);
  self->request = g_bytes_ref (csr);
  return self;
}

CwReplyItem *
cw_reply_item_new_crl (CwCrl *crl, const CwReplyPlace *place)
{
  g_autofree char *issuer = cw_subject_get_title (cw_crl_get_issuer (crl));
  g_autofree char *shown = cw_text_clean (issuer);
  /* Translators: %s is a CA's name */
  g_autofree char *title = g_strdup_printf (_ ("Revocation list of “%s”"), shown);
  CwReplyItem *self = item_new (CW_REPLY_KIND_CRL, title, place);
  self->crl = g_object_ref (crl);
  return self;
}

CwReplyItem *
cw_reply_item_new_other (const char *title, const CwReplyPlace *place)
{
  return item_new (CW_REPLY_KIND_OTHER, title, place);
}

CwReplyItem *
cw_reply_item_new_unreadable (const char *title, const CwReplyPlace *place, GError *error)
{
  CwReplyItem *self = item_new (CW_REPLY_KIND_UNREADABLE, title, place);
  cw_reply_item_take_error (self, error);
  return self;
}

CwReplyItem *
cw_reply_item_new_locked (CwSecret *key_pem, GBytes *pkcs12, const CwReplyPlace *place)
{
  CwReplyItem *self = item_new (
      CW_REPLY_KIND_LOCKED,
      key_pem != NULL ? _ ("Encrypted private key") : _ ("Encrypted file (PKCS#12)"), place);
  self->key_pem = key_pem != NULL ? cw_secret_ref (key_pem) : NULL;
  self->pkcs12 = pkcs12 != NULL ? g_bytes_ref (pkcs12) : NULL;
  return self;
}

CwReplyPlace
cw_reply_item_get_place (CwReplyItem *self)
{
  return (CwReplyPlace){
    .file = self->file, .line = self->line, .offset = self->offset, .remark = self->remark
  };
}

CwSecret *
cw_reply_item_peek_key_pem (CwReplyItem *self)
{
  return self->key_pem;
}

GBytes *
cw_reply_item_peek_pkcs12 (CwReplyItem *self)
{
  return self->pkcs12;
}

GBytes *
cw_reply_item_get_content (CwReplyItem *self)
{
  if (self->certificate != NULL)
    return g_bytes_ref (cw_certificate_get_der (self->certificate));
  if (self->key != NULL)
    {
      const char *fingerprint = cw_key_get_fingerprint (self->key);
      return g_bytes_new (fingerprint, strlen (fingerprint));
    }
  if (self->request != NULL)
    return g_bytes_ref (self->request);
  if (self->crl != NULL)
    return g_bytes_ref (cw_crl_get_der (self->crl));
  if (self->pkcs12 != NULL)
    return g_bytes_ref (self->pkcs12);
  if (self->key_pem != NULL)
    return cw_secret_to_bytes (self->key_pem);
  return NULL;
}

void
cw_reply_item_set_role (CwReplyItem *self, CwReplyRole role)
{
  self->role = role;
}

void
cw_reply_item_take_error (CwReplyItem *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  /* Translators: where something was found, and what is wrong with it:
   * "chain.pem, line 31: It ends in the middle" */
  g_prefix_error (&self->error, C_ ("place and reason", "%s: "), cw_reply_item_get_source (self));
}
