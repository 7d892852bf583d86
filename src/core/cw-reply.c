/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-reply-file.h"
#include "cw-reply-reader.h"
#include "cw-request.h"
#include "cw-text.h"

/* What the archives of one piece of reading may unpack to. */
#define MAX_UNPACKED (64 * 1024 * 1024)

/* How many are verified to find out who has issued whom. */
#define MAX_SIGNATURES 1000

struct _CwReply
{
  GObject parent;

  GPtrArray *items;     /* of CwReplyItem */
  GHashTable *known;    /* contents of the items, so that each is listed once */
  CwSecret *passphrase; /* the last that was given */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CwReply,
                               cw_reply,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static CwReplyReader
begin_reading (CwReply *self, GCancellable *cancellable)
{
  return (CwReplyReader){ .items = g_ptr_array_new_with_free_func (g_object_unref),
                          .known = self->known,
                          .passphrase = self->passphrase,
                          .cancellable = cancellable,
                          .budget = MAX_UNPACKED };
}

/* Puts what was read into the place of @n_replaced items, in one change. */
static void
end_reading (CwReply *self, CwReplyReader *reader, guint position, guint n_replaced)
{
  cw_reply_reader_end (reader);
  guint n_added = reader->items->len;
  if (position == self->items->len)
    g_ptr_array_extend_and_steal (self->items, g_steal_pointer (&reader->items));
  else
    {
      g_ptr_array_remove_range (self->items, position, n_replaced);
      for (guint i = 0; i < n_added; i++)
        g_ptr_array_insert (self->items, (int) (position + i),
                            g_object_ref (g_ptr_array_index (reader->items, i)));
      g_ptr_array_unref (g_steal_pointer (&reader->items));
    }
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_replaced, n_added);
}

static CwReplyItem *
peek_item (CwReply *self, guint position)
{
  return g_ptr_array_index (self->items, position);
}

static guint
count_items (CwReply *self)
{
  return self->items->len;
}

/* Replaces a locked item by what is in it, or by why it never opens; FALSE if it does not open. */
static gboolean
unlock_item (
    CwReply *self, guint position, CwSecret *passphrase, GCancellable *cancellable, GError **error)
{
  g_autoptr (CwReplyItem) item = g_object_ref (peek_item (self, position));
  g_autoptr (GError) why = NULL;
  CwReplyReader reader = begin_reading (self, cancellable);
  gboolean opened = cw_reply_reader_unlock (&reader, item, passphrase, &why);
  if (!opened && g_error_matches (why, CW_ERROR, CW_ERROR_PASSPHRASE_WRONG))
    {
      cw_reply_item_take_error (item, g_steal_pointer (&why));
      g_ptr_array_add (reader.items, g_object_ref (item));
    }
  else if (!opened)
    {
      const CwReplyPlace place = cw_reply_item_get_place (item);
      cw_reply_reader_add_error (&reader, &place, g_steal_pointer (&why));
    }
  if (!opened && error != NULL)
    *error = g_error_copy (cw_reply_item_get_error (g_ptr_array_index (reader.items, 0)));
  end_reading (self, &reader, position, 1);
  return opened;
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

/* By name first: a signature is only verified where the names fit, and so often as is bearable. */
static void
mark_issuers (GPtrArray *items, CwCertificate *certificate, GPtrArray *related, guint *n_left)
{
  const X509_NAME *name = cw_certificate_peek_issuer_name (certificate);
  for (guint i = 0; i<items->len && * n_left> 0; i++)
    {
      CwReplyItem *item = g_ptr_array_index (items, i);
      CwCertificate *issuer = cw_reply_item_get_certificate (item);
      if (cw_reply_item_get_role (item) != CW_REPLY_ROLE_NOT_RELATED ||
          X509_NAME_cmp (name, cw_certificate_peek_subject_name (issuer)) != 0)
        continue;
      *n_left -= 1;
      if (!cw_certificate_is_issued_by (certificate, issuer))
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
  CwReply *self = CW_REPLY (model);
  return position < self->items->len ? g_object_ref (peek_item (self, position)) : NULL;
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

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->passphrase, cw_secret_unref);

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
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->known =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
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
  CwReplyReader reader = begin_reading (self, NULL);
  cw_reply_reader_read_bytes (&reader, bytes, shown);
  end_reading (self, &reader, count_items (self), 0);
}

void
cw_reply_add_file (CwReply *self, GFile *file, GCancellable *cancellable)
{
  g_return_if_fail (CW_IS_REPLY (self));
  g_return_if_fail (G_IS_FILE (file));

  CwReplyReader reader = begin_reading (self, cancellable);
  cw_reply_reader_read_file (&reader, file);
  end_reading (self, &reader, count_items (self), 0);
}

void
cw_reply_add_fd (CwReply *self, int fd, const char *name, GCancellable *cancellable)
{
  g_return_if_fail (CW_IS_REPLY (self));
  g_return_if_fail (fd >= 0);
  g_return_if_fail (name != NULL);

  g_autoptr (GError) error = NULL;
  g_autofree char *shown = cw_text_clean (name);
  g_autoptr (GBytes) bytes = cw_reply_fd_read (fd, CW_REPLY_MAX_SIZE, cancellable, &error);
  CwReplyReader reader = begin_reading (self, cancellable);
  if (bytes != NULL)
    cw_reply_reader_read_bytes (&reader, bytes, shown);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    cw_reply_reader_add_error (&reader, &(CwReplyPlace){ .file = shown }, g_steal_pointer (&error));
  end_reading (self, &reader, count_items (self), 0);
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
cw_reply_unlock (CwReply *self, CwSecret *passphrase, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (CW_IS_REPLY (self), FALSE);
  g_return_val_if_fail (passphrase != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  gboolean all = TRUE;
  g_clear_pointer (&self->passphrase, cw_secret_unref);
  self->passphrase = cw_secret_ref (passphrase);
  /* Backwards: an item that opens may leave several in its place. */
  for (guint i = count_items (self); i-- > 0;)
    {
      g_autoptr (GError) why = NULL;
      if (cw_reply_item_get_kind (peek_item (self, i)) != CW_REPLY_KIND_LOCKED)
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (unlock_item (self, i, passphrase, cancellable, &why))
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
  guint n_left = MAX_SIGNATURES;
  for (guint i = 0; i < related->len; i++)
    mark_issuers (items, g_ptr_array_index (related, i), related, &n_left);

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
      int rank = cw_certificate_is_ca (certificate) ? 0 : 2;
      if (g_strcmp0 (fingerprint, wanted) == 0)
        rank = 4;
      else if (key_fingerprints != NULL && g_strv_contains (key_fingerprints, fingerprint))
        rank += 1;
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

GPtrArray *
cw_reply_get_requests (CwReply *self)
{
  g_return_val_if_fail (CW_IS_REPLY (self), NULL);

  GPtrArray *requests = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < count_items (self); i++)
    {
      GBytes *request = cw_reply_item_get_request (peek_item (self, i));
      if (request != NULL)
        g_ptr_array_add (requests, g_bytes_ref (request));
    }
  return requests;
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

CwKey *
cw_reply_find_any_key (CwReply *self)
{
  g_return_val_if_fail (CW_IS_REPLY (self), NULL);

  for (guint i = 0; i < count_items (self); i++)
    if (cw_reply_item_get_key (peek_item (self, i)) != NULL)
      return cw_reply_item_get_key (peek_item (self, i));
  return NULL;
}

GBytes *
cw_reply_find_request (CwReply *self, const char *key_fingerprint)
{
  g_return_val_if_fail (CW_IS_REPLY (self), NULL);
  g_return_val_if_fail (key_fingerprint != NULL, NULL);

  for (guint i = 0; i < count_items (self); i++)
    {
      GBytes *request = cw_reply_item_get_request (peek_item (self, i));
      g_autofree char *fingerprint =
          request != NULL ? cw_csr_get_key_fingerprint (request, NULL) : NULL;
      if (g_strcmp0 (fingerprint, key_fingerprint) == 0)
        return request;
    }
  return NULL;
}

const char *
cw_reply_explain_request (CwReply *self, const char *const *key_fingerprints)
{
  g_return_val_if_fail (CW_IS_REPLY (self), NULL);
  g_return_val_if_fail (key_fingerprints != NULL, NULL);

  for (guint i = 0; key_fingerprints[i] != NULL; i++)
    if (cw_reply_find_request (self, key_fingerprints[i]) != NULL)
      return _ ("This is the request itself. Send it to the CA, and open here what comes back.");
  return NULL;
}
