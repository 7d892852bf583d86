/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>

#include "cw-bundle.h"
#include "cw-der.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-pem.h"
#include "cw-reply-file.h"
#include "cw-reply-item-private.h"
#include "cw-request.h"
#include "cw-text.h"

struct _CwReply
{
  GObject parent;

  GListStore *items;
  GHashTable *known; /* identities of the items, so that each is listed once */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CwReply,
                               cw_reply,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/*
 * What is found goes into a batch first: it becomes part of the reply in one
 * change, at its end, or in the place of what was locked.
 */
typedef struct
{
  CwReply *reply;
  GPtrArray *items;
  gboolean found; /* also true for what was known already */
} Batch;

static void
batch_take (Batch *self, CwReplyItem *item)
{
  g_autofree char *digest = cw_reply_item_get_digest (item);
  self->found = TRUE;
  if (digest != NULL && !g_hash_table_add (self->reply->known, g_steal_pointer (&digest)))
    g_object_unref (item);
  else
    g_ptr_array_add (self->items, item);
}

static void
batch_end (Batch *self, guint position, guint n_replaced)
{
  g_list_store_splice (self->reply->items, position, n_replaced, self->items->pdata,
                       self->items->len);
  g_ptr_array_unref (self->items);
}

static Batch
batch_begin (CwReply *reply)
{
  return (Batch){ .reply = reply, .items = g_ptr_array_new_with_free_func (g_object_unref) };
}

/* What is recognised and of no use here, by what stands in its armour. */
static const struct
{
  const char *label;
  const char *title;
} others[] = {
  { "PUBLIC KEY", N_ ("Public key") },
  { "RSA PUBLIC KEY", N_ ("Public key") },
  { "EC PARAMETERS", N_ ("Parameters of a key") },
  { "DSA PARAMETERS", N_ ("Parameters of a key") },
  { "DH PARAMETERS", N_ ("Parameters of a key exchange") },
  { "X9.42 DH PARAMETERS", N_ ("Parameters of a key exchange") },
  { "OPENSSH PRIVATE KEY", N_ ("SSH key, not a key for certificates") },
  { "SSH2 PUBLIC KEY", N_ ("SSH key, not a key for certificates") },
  { "ATTRIBUTE CERTIFICATE", N_ ("Attribute certificate") },
  { "PGP MESSAGE", N_ ("PGP message") },
  { "PGP SIGNATURE", N_ ("PGP signature") },
  { "PGP SIGNED MESSAGE", N_ ("PGP message") },
  { "PGP PUBLIC KEY BLOCK", N_ ("PGP key") },
  { "PGP PRIVATE KEY BLOCK", N_ ("PGP key") },
};

static const char *
find_other_title (const char *label)
{
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_equal (label, others[i].label))
      return _ (others[i].title);
  return NULL;
}

static const char *
get_unreadable_title (const char *label)
{
  if (label == NULL)
    return _ ("Unreadable");
  if (g_str_has_suffix (label, "REQUEST"))
    return _ ("Unreadable request");
  if (g_str_has_suffix (label, "CERTIFICATE"))
    return _ ("Unreadable certificate");
  if (g_str_has_suffix (label, "PRIVATE KEY"))
    return _ ("Unreadable private key");
  return _ ("Unreadable");
}

static void
add_unreadable (Batch *batch, const char *label, const CwReplyPlace *place, GError *error)
{
  batch_take (batch, cw_reply_item_new_unreadable (get_unreadable_title (label), place, error));
}

static void
add_certificate (Batch *batch, GBytes *der, const CwReplyPlace *place)
{
  GError *error = NULL;
  g_autoptr (CwCertificate) certificate = cw_certificate_new_from_der (der, &error);
  if (certificate != NULL)
    batch_take (batch, cw_reply_item_new_certificate (certificate, place));
  else
    add_unreadable (batch, PEM_STRING_X509, place, error);
}

static void
add_request (Batch *batch, GBytes *der, const CwReplyPlace *place)
{
  GError *error = NULL;
  g_autoptr (CwRequest) request = cw_request_new_from_csr (der, &error);
  if (request == NULL)
    {
      add_unreadable (batch, PEM_STRING_X509_REQ, place, error);
      return;
    }
  g_autofree char *name = cw_subject_get_title (cw_request_get_subject (request));
  g_autofree char *shown = cw_text_clean (name);
  g_autofree char *title = NULL;
  if (*shown != '\0')
    /* Translators: %s is whom the request is for */
    title = g_strdup_printf (_ ("Request for “%s”"), shown);
  else
    title = g_strdup (_ ("Request"));
  batch_take (batch, cw_reply_item_new_request (der, title, place));
}

static gboolean
is_request (const guint8 *data, gsize size)
{
  ERR_clear_error ();
  g_autoptr (X509_REQ) request = d2i_X509_REQ (NULL, &data, (long) size);
  ERR_clear_error ();
  return request != NULL;
}

static gboolean
add_crl (Batch *batch, GBytes *der, const CwReplyPlace *place)
{
  g_autoptr (CwCrl) crl = cw_crl_new_from_der (der, NULL);
  if (crl != NULL)
    batch_take (batch, cw_reply_item_new_crl (crl, place));
  return crl != NULL;
}

/* Certificate, request and CRL look alike from outside. */
static void
add_signed (Batch *batch, GBytes *der, const char *label, const CwReplyPlace *place)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  g_autoptr (GError) why = NULL;
  g_autoptr (CwCertificate) certificate = cw_certificate_new_from_der (der, &why);
  if (certificate != NULL)
    batch_take (batch, cw_reply_item_new_certificate (certificate, place));
  else if (is_request (data, size))
    add_request (batch, der, place);
  else if (add_crl (batch, der, place))
    return;
  else if (label != NULL && g_str_has_suffix (label, "REQUEST"))
    add_request (batch, der, place);
  else
    add_unreadable (batch, label != NULL ? label : PEM_STRING_X509, place, g_steal_pointer (&why));
}

static void
add_key_pem (Batch *batch, CwSecret *pem, const CwReplyPlace *place)
{
  GError *error = NULL;
  g_autoptr (CwKey) key = cw_key_new_from_pem (pem, NULL, &error);
  if (key != NULL)
    batch_take (batch, cw_reply_item_new_key (key, place));
  else if (g_error_matches (error, CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED))
    {
      CwReplyItem *item = cw_reply_item_new_locked (pem, NULL, place);
      cw_reply_item_take_error (item, error);
      batch_take (batch, item);
    }
  else
    add_unreadable (batch, PEM_STRING_PKCS8INF, place, error);
}

static void
add_key (
    Batch *batch, const char *label, const char *cipher, GBytes *der, const CwReplyPlace *place)
{
  g_autoptr (CwSecret) pem = cw_pem_encode_key (label, cipher, der);
  add_key_pem (batch, pem, place);
}

/* How it was opened, where that is worth a word. */
static const char *
get_remark (CwBundle *bundle)
{
  if (bundle->old_cipher)
    return _ ("Its file is encrypted with an old cipher (RC2, DES or 3DES) that new programs may "
              "refuse. It was read all the same.");
  if (bundle->no_mac)
    return _ ("Its file has no check value (MAC), so nobody can tell whether it was changed.");
  return NULL;
}

static void
add_bundle (Batch *batch, CwBundle *bundle, const CwReplyPlace *where)
{
  CwReplyPlace marked = *where;
  const CwReplyPlace *place = &marked;
  marked.remark = get_remark (bundle);
  for (guint i = 0; i < bundle->keys->len; i++)
    batch_take (batch, cw_reply_item_new_key (g_ptr_array_index (bundle->keys, i), place));
  for (guint i = 0; i < bundle->certificates->len; i++)
    add_certificate (batch, g_ptr_array_index (bundle->certificates, i), place);
  for (guint i = 0; i < bundle->crls->len; i++)
    add_crl (batch, g_ptr_array_index (bundle->crls, i), place);
}

static void
add_pkcs7 (Batch *batch, GBytes *der, const CwReplyPlace *place)
{
  GError *error = NULL;
  g_autoptr (CwBundle) bundle = cw_bundle_new_from_pkcs7 (der, &error);
  if (bundle != NULL)
    add_bundle (batch, bundle, place);
  else
    add_unreadable (batch, NULL, place, error);
}

static void
add_pkcs12 (Batch *batch, GBytes *der, const CwReplyPlace *place)
{
  GError *error = NULL;
  g_autoptr (CwBundle) bundle = cw_bundle_new_from_pkcs12 (der, NULL, &error);
  if (bundle != NULL)
    add_bundle (batch, bundle, place);
  else if (g_error_matches (error, CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED))
    {
      CwReplyItem *item = cw_reply_item_new_locked (NULL, der, place);
      cw_reply_item_take_error (item, error);
      batch_take (batch, item);
    }
  else
    add_unreadable (batch, NULL, place, error);
}

static void
add_unknown (Batch *batch, const char *label, const CwReplyPlace *place)
{
  if (label == NULL)
    {
      add_unreadable (batch, NULL, place,
                      g_error_new_literal (CW_ERROR, CW_ERROR_UNREADABLE,
                                           _ ("This is not a certificate, a request or a key.")));
      return;
    }
  g_autofree char *shown = cw_text_clean (label);
  /* Translators: %s is what stands in the first line of a block of PEM */
  g_autofree char *title = g_strdup_printf (_ ("Something unknown (“%s”)"), shown);
  batch_take (batch, cw_reply_item_new_other (title, place));
}

/* One element of DER, by its shape; what its armour called it only helps with the words. */
static void
add_der (Batch *batch, GBytes *der, const char *label, const CwReplyPlace *place)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  switch (cw_der_sniff (data, size))
    {
    case CW_DER_SIGNED:
      add_signed (batch, der, label, place);
      break;
    case CW_DER_PKCS7:
      add_pkcs7 (batch, der, place);
      break;
    case CW_DER_PKCS12:
      add_pkcs12 (batch, der, place);
      break;
    case CW_DER_KEY_PKCS8:
      add_key (batch, PEM_STRING_PKCS8INF, NULL, der, place);
      break;
    case CW_DER_KEY_ENCRYPTED:
      add_key (batch, PEM_STRING_PKCS8, NULL, der, place);
      break;
    case CW_DER_KEY_PKCS1:
      add_key (batch, PEM_STRING_RSA, NULL, der, place);
      break;
    case CW_DER_KEY_DSA:
      add_key (batch, PEM_STRING_DSA, NULL, der, place);
      break;
    case CW_DER_KEY_SEC1:
      add_key (batch, PEM_STRING_ECPRIVATEKEY, NULL, der, place);
      break;
    case CW_DER_PUBLIC_KEY:
      batch_take (batch, cw_reply_item_new_other (_ ("Public key"), place));
      break;
    case CW_DER_UNKNOWN:
    default:
      add_unknown (batch, label, place);
      break;
    }
}

/* Damaged base64 within a known armour: it claims to be something, so say so. */
static gboolean
is_cut_off (GBytes *der, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  gsize claimed = cw_der_measure (data, size);
  if (claimed <= size)
    return FALSE;
  g_set_error (
      error, CW_ERROR, CW_ERROR_UNREADABLE,
      /* Translators: how much is there, and how much there should be */
      ngettext ("It is cut off: %1$zu byte of %2$zu is there. Copy or save it again, whole.",
                "It is cut off: %1$zu bytes of %2$zu are there. Copy or save it again, whole.",
                size),
      size, claimed);
  return TRUE;
}

static void
add_armoured (Batch *batch, const char *label, GBytes *der, const CwReplyPlace *place)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  GError *error = NULL;
  if (is_cut_off (der, &error))
    add_unreadable (batch, label, place, error);
  else if (cw_der_sniff (data, size) == CW_DER_UNKNOWN &&
           !g_str_equal (get_unreadable_title (label), get_unreadable_title (NULL)))
    add_unreadable (batch, label, place,
                    g_error_new_literal (CW_ERROR, CW_ERROR_UNREADABLE,
                                         _ ("Its content is damaged. Copy it again, whole.")));
  else if (g_str_equal (label, PEM_STRING_X509_TRUSTED))
    {
      /* OpenSSL's trust settings come after the certificate. */
      g_autoptr (GBytes) first =
          g_bytes_new_from_bytes (der, 0, MIN (cw_der_measure (data, size), size));
      add_der (batch, first, label, place);
    }
  else
    add_der (batch, der, label, place);
}

static void
add_block (Batch *batch, CwPemBlock *block, const char *name)
{
  const CwReplyPlace here = { .file = name,
                              .line = block->line,
                              .offset = (goffset) block->offset };
  const char *other = find_other_title (block->label);
  if (other != NULL)
    batch_take (batch, cw_reply_item_new_other (other, &here));
  else if (block->error != NULL)
    add_unreadable (batch, block->label, &here, g_steal_pointer (&block->error));
  else if (block->cipher != NULL)
    add_key (batch, block->label, block->cipher, block->der, &here);
  else
    add_armoured (batch, block->label, block->der, &here);
}

static gboolean
add_pem (Batch *batch, const char *text, gsize size, const char *name, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) blocks = cw_pem_scan (text, size, cancellable);
  for (guint i = 0; i < blocks->len && !g_cancellable_is_cancelled (cancellable); i++)
    add_block (batch, g_ptr_array_index (blocks, i), name);
  return blocks->len > 0;
}

static gboolean
is_blank (const guint8 *data, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (data[i] != '\0' && !g_ascii_isspace ((char) data[i]))
      return FALSE;
  return TRUE;
}

/* Text may begin with "0" too, but then its length does not fit. */
static gboolean
is_binary_der (const guint8 *data, gsize size)
{
  gsize claimed = cw_der_measure (data, size);
  if (claimed == 0)
    return FALSE;
  return cw_der_sniff (data, size) != CW_DER_UNKNOWN && ((data[1] & 0x80) != 0 || claimed <= size);
}

static void
add_binary (Batch *batch, GBytes *bytes, const char *name)
{
  gsize size, offset = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  while (offset < size && !is_blank (data + offset, size - offset))
    {
      GError *error = NULL;
      const CwReplyPlace place = { .file = name, .offset = (goffset) offset };
      g_autoptr (GBytes) rest = g_bytes_new_from_bytes (bytes, offset, size - offset);
      gsize claimed = cw_der_measure (data + offset, size - offset);
      if (claimed > size - offset && is_cut_off (rest, &error))
        add_unreadable (batch, NULL, &place, error);
      else if (claimed == 0)
        add_unreadable (batch, NULL, &place,
                        g_error_new_literal (CW_ERROR, CW_ERROR_UNREADABLE,
                                             _ ("It is followed by something that cannot be "
                                                "read.")));
      else
        {
          g_autoptr (GBytes) der = g_bytes_new_from_bytes (bytes, offset, claimed);
          add_der (batch, der, NULL, &place);
          offset += claimed;
          continue;
        }
      return;
    }
}

static gboolean
is_utf16 (const guint8 *data, gsize size, gboolean *big_endian)
{
  if (size < 4)
    return FALSE;
  *big_endian = (data[0] == 0xfe && data[1] == 0xff) || (data[0] == 0 && data[2] == 0);
  return *big_endian || (data[0] == 0xff && data[1] == 0xfe) ||
         (data[1] == 0 && data[3] == 0 && data[0] != 0);
}

/* PEM is ASCII: whatever else is between it need not survive. */
static GBytes *
narrow_utf16 (const guint8 *data, gsize size, gboolean big_endian)
{
  gsize length = size / 2;
  guint8 *text = g_malloc (length);
  for (gsize i = 0; i < length; i++)
    {
      guint8 high = data[2 * i + (big_endian ? 0 : 1)];
      guint8 low = data[2 * i + (big_endian ? 1 : 0)];
      text[i] = high == 0 && low < 0x80 ? low : ' ';
    }
  return cw_wiped_bytes_take (text, length);
}

static void
add_text (Batch *batch, GBytes *bytes, const char *name, GCancellable *cancellable)
{
  gsize size;
  gboolean big_endian;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (GBytes) narrow = NULL;
  if (is_utf16 (data, size, &big_endian))
    {
      narrow = narrow_utf16 (data, size, big_endian);
      data = g_bytes_get_data (narrow, &size);
    }

  if (add_pem (batch, (const char *) data, size, name, cancellable))
    return;
  g_autoptr (GBytes) bare = cw_pem_decode_bare ((const char *) data, size);
  if (bare != NULL)
    add_der (batch, bare, NULL, &(CwReplyPlace){ .file = name, .line = 1 });
}

static void
add_content (Batch *batch, GBytes *bytes, const char *name, GCancellable *cancellable)
{
  gsize size;
  const CwReplyPlace place = { .file = name };
  const guint8 *data = g_bytes_get_data (bytes, &size);
  if (size == 0 || is_blank (data, size))
    {
      add_unreadable (
          batch, NULL, &place,
          g_error_new_literal (CW_ERROR, CW_ERROR_EMPTY, _ ("There is nothing in it.")));
      return;
    }
  if (is_binary_der (data, size))
    add_binary (batch, bytes, name);
  else
    add_text (batch, bytes, name, cancellable);
  if (!batch->found && !g_cancellable_is_cancelled (cancellable))
    add_unreadable (batch, NULL, &place,
                    g_error_new_literal (CW_ERROR, CW_ERROR_UNREADABLE,
                                         _ ("There is no certificate, no request and no key in "
                                            "it.")));
}

static void
items_changed_cb (GListModel *items, guint position, guint removed, guint added, CwReply *self)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static CwReplyItem *
peek_item (CwReply *self, guint position)
{
  /* The list keeps it. */
  g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);
  return item;
}

static guint
count_items (CwReply *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->items));
}

/* Takes @why. What no passphrase will open is not asked about again. */
static void
set_unlock_error (CwReply *self, guint position, GError *why)
{
  CwReplyItem *item = peek_item (self, position);
  if (g_error_matches (why, CW_ERROR, CW_ERROR_PASSPHRASE_WRONG))
    {
      cw_reply_item_take_error (item, why);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 1);
      return;
    }
  Batch batch = batch_begin (self);
  g_autoptr (CwReplyItem) kept = g_object_ref (item);
  const CwReplyPlace place = cw_reply_item_get_place (kept);
  add_unreadable (&batch, NULL, &place, why);
  batch_end (&batch, position, 1);
}

/* Replaces a locked item by what is in it; FALSE if it does not open. */
static gboolean
unlock_item (CwReply *self, guint position, CwSecret *passphrase, GError **error)
{
  g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);
  const CwReplyPlace place = cw_reply_item_get_place (item);
  g_autoptr (CwBundle) bundle = NULL;
  g_autoptr (CwKey) key = NULL;
  GError *why = NULL;
  if (cw_reply_item_peek_pkcs12 (item) != NULL)
    bundle = cw_bundle_new_from_pkcs12 (cw_reply_item_peek_pkcs12 (item), passphrase, &why);
  else
    key = cw_key_new_from_pem (cw_reply_item_peek_key_pem (item), passphrase, &why);

  if (bundle == NULL && key == NULL)
    {
      set_unlock_error (self, position, why);
      if (error != NULL)
        *error = g_error_copy (cw_reply_item_get_error (peek_item (self, position)));
      return FALSE;
    }

  Batch batch = batch_begin (self);
  if (bundle != NULL)
    add_bundle (&batch, bundle, &place);
  else
    batch_take (&batch, cw_reply_item_new_key (key, &place));
  batch_end (&batch, position, 1);
  return TRUE;
}

static void
collect_fingerprints (CwReply *self, const char *const *given, GHashTable *fingerprints)
{
  for (guint i = 0; given != NULL && given[i] != NULL; i++)
    g_hash_table_add (fingerprints, (char *) given[i]);
  for (guint i = 0; i < count_items (self); i++)
    {
      CwKey *key = cw_reply_item_get_key (peek_item (self, i));
      if (key != NULL)
        g_hash_table_add (fingerprints, (char *) cw_key_get_fingerprint (key));
    }
}

/* By name first: a signature is only verified where the names fit. */
static void
mark_issuers (GPtrArray *items, CwCertificate *certificate, GPtrArray *related)
{
  for (guint i = 0; i < items->len; i++)
    {
      CwReplyItem *item = g_ptr_array_index (items, i);
      CwCertificate *issuer = cw_reply_item_get_certificate (item);
      if (cw_reply_item_get_role (item) != CW_REPLY_ROLE_NOT_RELATED ||
          !cw_certificate_is_issued_by (certificate, issuer))
        continue;
      cw_reply_item_set_role (item, cw_certificate_is_self_signed (issuer)
                                        ? CW_REPLY_ROLE_ROOT
                                        : CW_REPLY_ROLE_INTERMEDIATE);
      g_ptr_array_add (related, issuer);
    }
}

static GPtrArray *
collect_certificate_items (CwReply *self)
{
  GPtrArray *items = g_ptr_array_new ();
  for (guint i = 0; i < count_items (self); i++)
    if (cw_reply_item_get_certificate (peek_item (self, i)) != NULL)
      g_ptr_array_add (items, peek_item (self, i));
  return items;
}

static GType
get_item_type (GListModel *model)
{
  return CW_TYPE_REPLY_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return count_items (CW_REPLY (model));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (CW_REPLY (model)->items), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
cw_reply_finalize (GObject *object)
{
  CwReply *self = CW_REPLY (object);

  g_clear_object (&self->items);
  g_clear_pointer (&self->known, g_hash_table_unref);

  G_OBJECT_CLASS (cw_reply_parent_class)->finalize (object);
}

static void
cw_reply_class_init (CwReplyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_reply_finalize;
}

static void
cw_reply_init (CwReply *self)
{
  self->items = g_list_store_new (CW_TYPE_REPLY_ITEM);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_signal_connect_object (self->items, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
}

CwReply *
cw_reply_new (void)
{
  return g_object_new (CW_TYPE_REPLY, NULL);
}

void
cw_reply_add_bytes (CwReply *self, GBytes *bytes, const char *name)
{
  g_return_if_fail (CW_IS_REPLY (self));
  g_return_if_fail (bytes != NULL);
  g_return_if_fail (name != NULL);

  g_autofree char *shown = cw_text_clean (name);
  Batch batch = batch_begin (self);
  add_content (&batch, bytes, shown, NULL);
  batch_end (&batch, count_items (self), 0);
}

void
cw_reply_add_file (CwReply *self, GFile *file, GCancellable *cancellable)
{
  g_return_if_fail (CW_IS_REPLY (self));
  g_return_if_fail (G_IS_FILE (file));

  g_autoptr (GError) error = NULL;
  g_autofree char *name = cw_reply_file_get_name (file);
  g_autoptr (GBytes) bytes = cw_reply_file_read (file, CW_REPLY_MAX_SIZE, cancellable, &error);
  Batch batch = batch_begin (self);
  if (bytes != NULL)
    add_content (&batch, bytes, name, cancellable);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    add_unreadable (&batch, NULL, &(CwReplyPlace){ .file = name }, g_steal_pointer (&error));
  batch_end (&batch, count_items (self), 0);
}

gboolean
cw_reply_needs_passphrase (CwReply *self)
{
  g_return_val_if_fail (CW_IS_REPLY (self), FALSE);

  for (guint i = 0; i < count_items (self); i++)
    if (cw_reply_item_get_kind (peek_item (self, i)) == CW_REPLY_KIND_LOCKED)
      return TRUE;
  return FALSE;
}

gboolean
cw_reply_unlock (CwReply *self, CwSecret *passphrase, GError **error)
{
  g_return_val_if_fail (CW_IS_REPLY (self), FALSE);
  g_return_val_if_fail (passphrase != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  gboolean all = TRUE;
  /* Backwards: an item that opens may leave several in its place. */
  for (guint i = count_items (self); i-- > 0;)
    {
      g_autoptr (GError) why = NULL;
      if (cw_reply_item_get_kind (peek_item (self, i)) != CW_REPLY_KIND_LOCKED ||
          unlock_item (self, i, passphrase, &why))
        continue;
      all = FALSE;
      if (error != NULL)
        {
          g_clear_error (error);
          *error = g_steal_pointer (&why);
        }
    }
  return all;
}

GPtrArray *
cw_reply_assign_roles (CwReply *self, const char *const *key_fingerprints)
{
  g_return_val_if_fail (CW_IS_REPLY (self), NULL);

  g_autoptr (GHashTable) fingerprints = g_hash_table_new (g_str_hash, g_str_equal);
  collect_fingerprints (self, key_fingerprints, fingerprints);

  GPtrArray *yours = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) items = collect_certificate_items (self);
  g_autoptr (GPtrArray) related = g_ptr_array_new ();
  for (guint i = 0; i < items->len; i++)
    {
      CwReplyItem *item = g_ptr_array_index (items, i);
      CwCertificate *certificate = cw_reply_item_get_certificate (item);
      gboolean ours =
          g_hash_table_contains (fingerprints, cw_certificate_get_key_fingerprint (certificate));
      cw_reply_item_set_role (item, ours ? CW_REPLY_ROLE_YOURS : CW_REPLY_ROLE_NOT_RELATED);
      if (ours)
        {
          g_ptr_array_add (yours, g_object_ref (certificate));
          g_ptr_array_add (related, certificate);
        }
    }
  /* It grows while it is walked, up to every certificate once. */
  for (guint i = 0; i < related->len; i++)
    mark_issuers (items, g_ptr_array_index (related, i), related);

  g_list_model_items_changed (G_LIST_MODEL (self), 0, count_items (self), count_items (self));
  return yours;
}

CwCertificate *
cw_reply_choose_leaf (GPtrArray *yours, const char *wanted, const char *const *key_fingerprints)
{
  g_return_val_if_fail (yours != NULL, NULL);

  CwCertificate *best = NULL;
  int best_rank = -1;
  for (guint i = 0; i < yours->len; i++)
    {
      CwCertificate *certificate = g_ptr_array_index (yours, i);
      const char *fingerprint = cw_certificate_get_key_fingerprint (certificate);
      int rank = 0;
      if (g_strcmp0 (fingerprint, wanted) == 0)
        rank = 2;
      else if (key_fingerprints != NULL && g_strv_contains (key_fingerprints, fingerprint))
        rank = 1;
      if (rank > best_rank ||
          (rank == best_rank && g_date_time_compare (cw_certificate_get_not_before (certificate),
                                                     cw_certificate_get_not_before (best)) > 0))
        {
          best = certificate;
          best_rank = rank;
        }
    }
  return best;
}

GPtrArray *
cw_reply_get_certificates (CwReply *self)
{
  g_return_val_if_fail (CW_IS_REPLY (self), NULL);

  GPtrArray *certificates = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < count_items (self); i++)
    {
      CwCertificate *certificate = cw_reply_item_get_certificate (peek_item (self, i));
      if (certificate != NULL)
        g_ptr_array_add (certificates, g_object_ref (certificate));
    }
  return certificates;
}

CwKey *
cw_reply_find_key (CwReply *self, const char *key_fingerprint)
{
  g_return_val_if_fail (CW_IS_REPLY (self), NULL);
  g_return_val_if_fail (key_fingerprint != NULL, NULL);

  for (guint i = 0; i < count_items (self); i++)
    {
      CwKey *key = cw_reply_item_get_key (peek_item (self, i));
      if (key != NULL && g_str_equal (cw_key_get_fingerprint (key), key_fingerprint))
        return key;
    }
  return NULL;
}
