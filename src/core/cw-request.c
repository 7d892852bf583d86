/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-der.h"
#include "cw-error.h"
#include "cw-issue.h"
#include "cw-openssl.h"
#include "cw-text.h"
#include "cw-request.h"
#include "cw-usage.h"

/* What the stored text looks like. A later version with another form has a higher number. */
#define TEXT_VERSION    1
#define GROUP_REQUEST   "Request"
#define GROUP_ATTRIBUTE "Attribute %u"
#define GROUP_ALT_NAME  "Alternative Name %u"

struct _CwRequest
{
  GObject parent_instance;

  CwSubject *subject;
  GListStore *alt_names;
  GPtrArray *usages; /* ends with a NULL, so that it can be given out as it is */
  CwKeyKind key_kind;
  guint days;
};

G_DEFINE_FINAL_TYPE (CwRequest, cw_request, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit_changed (CwRequest *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static guint
n_usages (CwRequest *self)
{
  return self->usages->len - 1;
}

static void
append_usage (CwRequest *self, const char *oid)
{
  g_ptr_array_insert (self->usages, (int) n_usages (self), g_strdup (oid));
}

static void
clear_usages (CwRequest *self)
{
  g_ptr_array_remove_range (self->usages, 0, n_usages (self));
}

static gboolean
find_usage (CwRequest *self, const char *oid, guint *i)
{
  for (*i = 0; *i < n_usages (self); (*i)++)
    if (g_str_equal (g_ptr_array_index (self->usages, *i), oid))
      return TRUE;

  return FALSE;
}

/* The text: a key file must be UTF-8, whatever was put into a draft. */
static void
set_text (GKeyFile *file, const char *group, const char *key, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  g_key_file_set_string (file, group, key, valid);
}

static void
write_attributes (CwRequest *self, GKeyFile *file)
{
  for (guint i = 0; i < cw_subject_get_n_attributes (self->subject); i++)
    {
      g_autofree char *group = g_strdup_printf (GROUP_ATTRIBUTE, i + 1);

      set_text (file, group, "type", cw_subject_get_attribute_type (self->subject, i));
      set_text (file, group, "value", cw_subject_get_attribute_value (self->subject, i));
    }
}

static void
write_alt_names (CwRequest *self, GKeyFile *file)
{
  guint n_names = g_list_model_get_n_items (G_LIST_MODEL (self->alt_names));

  for (guint i = 0; i < n_names; i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (G_LIST_MODEL (self->alt_names), i);
      g_autofree char *group = g_strdup_printf (GROUP_ALT_NAME, i + 1);

      set_text (file, group, "kind", cw_alt_name_kind_get_id (cw_alt_name_get_kind (name)));
      set_text (file, group, "value", cw_alt_name_get_value (name));
    }
}

static gboolean
read_version (GKeyFile *file, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  int version = g_key_file_get_integer (file, GROUP_REQUEST, "version", &local_error);

  if (version >= 1 && version <= TEXT_VERSION)
    return TRUE;

  if (version > TEXT_VERSION)
    g_set_error_literal (error, CW_ERROR, CW_ERROR_UNREADABLE,
                         _ ("It was written by a later version of Certwright. Use that one."));
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, CW_ERROR, CW_ERROR_UNREADABLE, _ ("It has an unknown version (%d)."),
                 version);

  return FALSE;
}

/* For an unknown escape, GKeyFile gives both a text and an error. */
static char *
read_string (GKeyFile *file, const char *group, const char *key, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = g_key_file_get_string (file, group, key, &local_error);

  if (local_error == NULL)
    return g_steal_pointer (&text);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static gboolean
read_key_kind (CwRequest *self, GKeyFile *file, GError **error)
{
  g_autofree char *id = read_string (file, GROUP_REQUEST, "key-kind", error);

  if (id == NULL)
    return FALSE;

  if (g_str_equal (id, cw_key_kind_get_id (CW_KEY_KIND_OTHER)))
    self->key_kind = CW_KEY_KIND_OTHER;
  else if (!cw_key_kind_from_id (id, &self->key_kind))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_UNREADABLE, _ ("It has an unknown kind of key (%s)."),
                   id);
      return FALSE;
    }

  return TRUE;
}

/* Versions before the first that signed had none. */
static gboolean
read_days (CwRequest *self, GKeyFile *file, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  int days;

  if (!g_key_file_has_key (file, GROUP_REQUEST, "days", NULL))
    return TRUE;

  days = g_key_file_get_integer (file, GROUP_REQUEST, "days", &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  self->days = CLAMP (days, 1, CW_REQUEST_MAX_DAYS);

  return TRUE;
}

static gboolean
read_usages (CwRequest *self, GKeyFile *file, GError **error)
{
  g_auto (GStrv) usages = g_key_file_get_string_list (file, GROUP_REQUEST, "usages", NULL, error);

  if (usages == NULL)
    return FALSE;

  clear_usages (self);
  for (guint i = 0; usages[i] != NULL; i++)
    append_usage (self, usages[i]);

  return TRUE;
}

/* FALSE with no error: there is no group of that number. */
static gboolean
read_pair (GKeyFile *file,
           const char *group,
           const char *first_key,
           char **first,
           char **value,
           GError **error)
{
  if (!g_key_file_has_group (file, group))
    return FALSE;

  *first = read_string (file, group, first_key, error);
  if (*first != NULL)
    *value = read_string (file, group, "value", error);

  return *first != NULL && *value != NULL;
}

static gboolean
read_attributes (CwRequest *self, GKeyFile *file, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  for (guint i = 1;; i++)
    {
      g_autofree char *group = g_strdup_printf (GROUP_ATTRIBUTE, i);
      g_autofree char *type = NULL;
      g_autofree char *value = NULL;

      if (!read_pair (file, group, "type", &type, &value, &local_error))
        break;
      cw_subject_append (self->subject, type, value);
    }
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static void
append_alt_name (CwRequest *self, CwAltNameKind kind, const char *value)
{
  g_autoptr (CwAltName) name = cw_alt_name_new (kind, value);

  g_list_store_append (self->alt_names, name);
}

static gboolean
read_alt_names (CwRequest *self, GKeyFile *file, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  for (guint i = 1;; i++)
    {
      g_autofree char *group = g_strdup_printf (GROUP_ALT_NAME, i);
      g_autofree char *id = NULL;
      g_autofree char *value = NULL;
      CwAltNameKind kind;

      if (!read_pair (file, group, "kind", &id, &value, &local_error))
        break;
      if (!cw_alt_name_kind_from_id (id, &kind))
        {
          g_set_error (&local_error, CW_ERROR, CW_ERROR_UNREADABLE,
                       _ ("It has an unknown kind of name (%s)."), id);
          break;
        }
      append_alt_name (self, kind, value);
    }
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
read_text (CwRequest *self, const char *text, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  return g_key_file_load_from_data (file, text, (gsize) -1, G_KEY_FILE_NONE, error) &&
         read_version (file, error) && read_key_kind (self, file, error) &&
         read_days (self, file, error) && read_usages (self, file, error) &&
         read_attributes (self, file, error) && read_alt_names (self, file, error);
}

static gboolean
check_alt_names (CwRequest *self, GError **error)
{
  guint n_names = g_list_model_get_n_items (G_LIST_MODEL (self->alt_names));

  for (guint i = 0; i < n_names; i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (G_LIST_MODEL (self->alt_names), i);

      if (!cw_alt_name_check (name, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_host_name (CwAltName *name)
{
  const CwAltNameKind kind = cw_alt_name_get_kind (name);

  return kind == CW_ALT_NAME_DNS || kind == CW_ALT_NAME_IP;
}

static gboolean
has_host_name (CwRequest *self)
{
  guint n_names = g_list_model_get_n_items (G_LIST_MODEL (self->alt_names));

  for (guint i = 0; i < n_names; i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (G_LIST_MODEL (self->alt_names), i);

      if (is_host_name (name))
        return TRUE;
    }

  return FALSE;
}

/* The common name as one. "localhost" is one too, where it cannot be a person's. */
static CwAltName *
dup_host_name (CwRequest *self)
{
  const char *text = cw_subject_get (self->subject, "CN");
  g_autoptr (CwAltName) name = text != NULL ? cw_alt_name_guess (text) : NULL;

  if (name == NULL && text != NULL && !cw_request_has_usage (self, CW_USAGE_CLIENT_AUTH))
    name = cw_alt_name_new (CW_ALT_NAME_DNS, text);

  return name != NULL && is_host_name (name) && cw_alt_name_check (name, NULL)
             ? g_steal_pointer (&name)
             : NULL;
}

static gboolean
check_host_name (CwRequest *self, GError **error)
{
  g_autoptr (CwAltName) name = NULL;

  if (!cw_usages_only_serve (cw_request_get_usages (self)) || has_host_name (self))
    return TRUE;

  name = dup_host_name (self);
  if (name != NULL)
    return TRUE;

  g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                       _ ("A server’s certificate needs a host name or an IP address. Give it as "
                          "an alternative name."));
  return FALSE;
}

static gboolean
add_subject (CwRequest *self, X509_REQ *req, GError **error)
{
  g_autoptr (X509_NAME) name = cw_subject_to_name (self->subject, error);

  /* X509_REQ_set_subject_name() copies it. */
  return name != NULL && X509_REQ_set_subject_name (req, name) == 1;
}

static gboolean
add_extensions (CwRequest *self, X509_REQ *req, EVP_PKEY *pkey, GError **error)
{
  g_autoptr (CwExtensions) extensions = NULL;

  return cw_extensions_add_requested (&extensions, self, pkey, error) &&
         X509_REQ_add_extensions (req, extensions) == 1;
}

static GBytes *
encode (X509_REQ *req)
{
  guint8 *der = NULL;
  const int size = i2d_X509_REQ (req, &der);

  return cw_der_take (der, size);
}

/* Verifies what it has signed: a fault in the computation must not leave, and might betray the key.
 */
static GBytes *
sign (CwRequest *self, EVP_PKEY *pkey, GError **error)
{
  g_autoptr (X509_REQ) req = X509_REQ_new ();

  if (req == NULL || X509_REQ_set_version (req, X509_REQ_VERSION_1) != 1 ||
      !add_subject (self, req, error) || X509_REQ_set_pubkey (req, pkey) != 1 ||
      !add_extensions (self, req, pkey, error) ||
      X509_REQ_sign (req, pkey, cw_pkey_choose_hash (pkey)) <= 0 ||
      X509_REQ_verify (req, pkey) != 1)
    return NULL;

  return encode (req);
}

static void
read_extensions (CwRequest *self, X509_REQ *req)
{
  g_autoptr (CwExtensions) extensions = X509_REQ_get_extensions (req);
  g_autoptr (GENERAL_NAMES) names = X509V3_get_d2i (extensions, NID_subject_alt_name, NULL, NULL);
  g_autoptr (EXTENDED_KEY_USAGE) usages =
      X509V3_get_d2i (extensions, NID_ext_key_usage, NULL, NULL);

  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    {
      g_autoptr (CwAltName) name =
          cw_alt_name_new_for_general_name (sk_GENERAL_NAME_value (names, i));

      g_list_store_append (self->alt_names, name);
    }
  for (int i = 0; i < sk_ASN1_OBJECT_num (usages); i++)
    {
      g_autofree char *oid = cw_oid_from_object (sk_ASN1_OBJECT_value (usages, i));

      append_usage (self, oid);
    }
}

static void
set_subject (CwRequest *self, CwSubject *subject)
{
  if (self->subject != NULL)
    g_signal_handlers_disconnect_by_data (self->subject, self);
  g_set_object (&self->subject, subject);
  g_signal_connect_object (subject, "changed", G_CALLBACK (emit_changed), self, G_CONNECT_SWAPPED);
}

static void
cw_request_finalize (GObject *object)
{
  CwRequest *self = CW_REQUEST (object);

  g_object_unref (self->subject);
  g_object_unref (self->alt_names);
  g_ptr_array_unref (self->usages);

  G_OBJECT_CLASS (cw_request_parent_class)->finalize (object);
}

static void
cw_request_class_init (CwRequestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = cw_request_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
cw_request_init (CwRequest *self)
{
  g_autoptr (CwSubject) subject = cw_subject_new ();

  set_subject (self, subject);
  self->alt_names = g_list_store_new (CW_TYPE_ALT_NAME);
  g_signal_connect_object (self->alt_names, "items-changed", G_CALLBACK (emit_changed), self,
                           G_CONNECT_SWAPPED);
  self->usages = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->usages, NULL);
  append_usage (self, CW_USAGE_CLIENT_AUTH);
  self->key_kind = CW_KEY_KIND_DEFAULT;
  self->days = CW_REQUEST_DAYS;
}

CwRequest *
cw_request_new (void)
{
  return g_object_new (CW_TYPE_REQUEST, NULL);
}

CwRequest *
cw_request_new_from_text (const char *text, GError **error)
{
  g_autoptr (CwRequest) self = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *reason = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = cw_request_new ();
  if (read_text (self, text, &local_error))
    return g_steal_pointer (&self);

  /* GLib's sentences quote what is wrong, which may be no text at all. */
  reason = g_utf8_make_valid (local_error->message, -1);
  g_set_error (error, CW_ERROR, CW_ERROR_UNREADABLE,
               /* Translators: %s is a sentence that says why */
               _ ("The stored request cannot be read. %s"), reason);

  return NULL;
}

char *
cw_request_to_text (CwRequest *self)
{
  g_autoptr (GKeyFile) file = NULL;

  g_return_val_if_fail (CW_IS_REQUEST (self), NULL);

  file = g_key_file_new ();
  g_key_file_set_integer (file, GROUP_REQUEST, "version", TEXT_VERSION);
  g_key_file_set_string (file, GROUP_REQUEST, "key-kind", cw_key_kind_get_id (self->key_kind));
  g_key_file_set_integer (file, GROUP_REQUEST, "days", (int) self->days);
  g_key_file_set_string_list (file, GROUP_REQUEST, "usages",
                              (const char *const *) self->usages->pdata, n_usages (self));
  write_attributes (self, file);
  write_alt_names (self, file);

  return g_key_file_to_data (file, NULL, NULL);
}

CwRequest *
cw_request_new_from_csr (GBytes *csr, GError **error)
{
  g_autoptr (CwRequest) self = NULL;
  g_autoptr (CwSubject) subject = NULL;
  g_autoptr (CwKey) key = NULL;
  g_autoptr (X509_REQ) req = NULL;

  g_return_val_if_fail (csr != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  req = cw_csr_parse (csr, error);
  if (req == NULL)
    return NULL;
  if (X509_REQ_verify (req, X509_REQ_get0_pubkey (req)) != 1)
    {
      cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                            _ ("The certificate request is damaged: its own signature is wrong."));
      return NULL;
    }

  self = cw_request_new ();
  subject = cw_subject_new_for_name (X509_REQ_get_subject_name (req));
  set_subject (self, subject);
  key = cw_key_new_for_pkey (X509_REQ_get0_pubkey (req));
  self->key_kind = cw_key_get_kind (key);
  clear_usages (self);
  read_extensions (self, req);
  ERR_clear_error ();

  return g_steal_pointer (&self);
}

void
cw_request_copy (CwRequest *from, CwRequest *to)
{
  g_return_if_fail (CW_IS_REQUEST (from));
  g_return_if_fail (CW_IS_REQUEST (to));

  cw_subject_clear (to->subject);
  for (guint i = 0; i < cw_subject_get_n_attributes (from->subject); i++)
    cw_subject_append (to->subject, cw_subject_get_attribute_type (from->subject, i),
                       cw_subject_get_attribute_value (from->subject, i));

  g_list_store_remove_all (to->alt_names);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (from->alt_names)); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (G_LIST_MODEL (from->alt_names), i);

      g_list_store_append (to->alt_names, name);
    }

  while (*cw_request_get_usages (to))
    cw_request_set_usage (to, *cw_request_get_usages (to), FALSE);
  for (const char *const *usage = cw_request_get_usages (from); *usage; usage++)
    cw_request_set_usage (to, *usage, TRUE);

  cw_request_set_key_kind (to, from->key_kind != CW_KEY_KIND_OTHER ? from->key_kind
                                                                   : CW_KEY_KIND_DEFAULT);
  cw_request_set_days (to, from->days);
}

CwSubject *
cw_request_get_subject (CwRequest *self)
{
  g_return_val_if_fail (CW_IS_REQUEST (self), NULL);

  return self->subject;
}

GListModel *
cw_request_get_alt_names (CwRequest *self)
{
  g_return_val_if_fail (CW_IS_REQUEST (self), NULL);

  return G_LIST_MODEL (self->alt_names);
}

gboolean
cw_request_add_alt_name (CwRequest *self, CwAltName *name)
{
  guint n_names;

  g_return_val_if_fail (CW_IS_REQUEST (self), FALSE);
  g_return_val_if_fail (CW_IS_ALT_NAME (name), FALSE);

  n_names = g_list_model_get_n_items (G_LIST_MODEL (self->alt_names));
  for (guint i = 0; i < n_names; i++)
    {
      g_autoptr (CwAltName) other = g_list_model_get_item (G_LIST_MODEL (self->alt_names), i);

      if (cw_alt_name_equal (other, name))
        return FALSE;
    }
  g_list_store_append (self->alt_names, name);

  return TRUE;
}

void
cw_request_remove_alt_name (CwRequest *self, guint i)
{
  g_return_if_fail (CW_IS_REQUEST (self));
  g_return_if_fail (i < g_list_model_get_n_items (G_LIST_MODEL (self->alt_names)));

  g_list_store_remove (self->alt_names, i);
}

const char *const *
cw_request_get_usages (CwRequest *self)
{
  g_return_val_if_fail (CW_IS_REQUEST (self), NULL);

  return (const char *const *) self->usages->pdata;
}

gboolean
cw_request_has_usage (CwRequest *self, const char *oid)
{
  guint i;

  g_return_val_if_fail (CW_IS_REQUEST (self), FALSE);
  g_return_val_if_fail (oid != NULL, FALSE);

  return find_usage (self, oid, &i);
}

void
cw_request_set_usage (CwRequest *self, const char *oid, gboolean wanted)
{
  gboolean found;
  guint i;

  g_return_if_fail (CW_IS_REQUEST (self));
  g_return_if_fail (oid != NULL);

  found = find_usage (self, oid, &i);
  if (found == !!wanted)
    return;

  if (wanted)
    append_usage (self, oid);
  else
    g_ptr_array_remove_index (self->usages, i);
  emit_changed (self);
}

CwKeyKind
cw_request_get_key_kind (CwRequest *self)
{
  g_return_val_if_fail (CW_IS_REQUEST (self), CW_KEY_KIND_DEFAULT);

  return self->key_kind;
}

void
cw_request_set_key_kind (CwRequest *self, CwKeyKind kind)
{
  g_return_if_fail (CW_IS_REQUEST (self));
  g_return_if_fail ((guint) kind <= CW_KEY_KIND_OTHER);

  if (self->key_kind == kind)
    return;

  self->key_kind = kind;
  emit_changed (self);
}

guint
cw_request_get_days (CwRequest *self)
{
  g_return_val_if_fail (CW_IS_REQUEST (self), 0);

  return self->days;
}

void
cw_request_set_days (CwRequest *self, guint days)
{
  g_return_if_fail (CW_IS_REQUEST (self));
  g_return_if_fail (days >= 1 && days <= CW_REQUEST_MAX_DAYS);

  if (self->days == days)
    return;

  self->days = days;
  emit_changed (self);
}

gboolean
cw_request_add_host_name (CwRequest *self)
{
  g_autoptr (CwAltName) name = NULL;

  g_return_val_if_fail (CW_IS_REQUEST (self), FALSE);

  if (!cw_request_has_usage (self, CW_USAGE_SERVER_AUTH) || has_host_name (self))
    return FALSE;

  name = dup_host_name (self);
  return name != NULL && cw_request_add_alt_name (self, name);
}

gboolean
cw_request_check (CwRequest *self, GError **error)
{
  gboolean has_names;

  g_return_val_if_fail (CW_IS_REQUEST (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  has_names = g_list_model_get_n_items (G_LIST_MODEL (self->alt_names)) > 0;
  if (!has_names && cw_subject_get (self->subject, "CN") == NULL)
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                           _ ("The certificate has no name yet. Type who it is for."));
      return FALSE;
    }
  if (cw_subject_get_n_attributes (self->subject) > 0 && !cw_subject_check (self->subject, error))
    return FALSE;
  if (!check_alt_names (self, error))
    return FALSE;

  for (guint i = 0; i < n_usages (self); i++)
    if (!cw_oid_check (g_ptr_array_index (self->usages, i), error))
      return FALSE;

  return check_host_name (self, error);
}

GBytes *
cw_request_create_csr (CwRequest *self, CwKey *key, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  GBytes *csr;

  g_return_val_if_fail (CW_IS_REQUEST (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  ERR_clear_error ();
  if (!cw_request_check (self, error))
    return NULL;

  csr = sign (self, cw_key_peek_pkey (key), &local_error);
  if (csr != NULL)
    return csr;

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    cw_error_set_openssl (
        error, CW_ERROR_FAILED,
        /* Translators: %s is a kind of key, as in "RSA 3072" */
        _ ("The request could not be signed with this key (%s). Try again, or use "
           "another key."),
        cw_key_get_title (key));

  return NULL;
}

CwCertificate *
cw_request_self_sign (CwRequest *self, CwKey *key, GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  GError *local_error = NULL;
  CwCertificate *certificate;
  EVP_PKEY *pkey;

  g_return_val_if_fail (CW_IS_REQUEST (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  ERR_clear_error ();
  if (!cw_request_check (self, error))
    return NULL;

  pkey = cw_key_peek_pkey (key);
  certificate = cw_issue_sign (
      &(CwIssue){
          .request = self,
          .pkey = pkey,
          .issuer_pkey = pkey,
          .not_before = now - CW_ISSUE_BACKDATE,
          .not_after = now + (gint64) self->days * CW_ISSUE_DAY,
      },
      &local_error);
  if (certificate == NULL)
    cw_issue_set_error (error, local_error, pkey);

  return certificate;
}

char *
cw_csr_to_pem (GBytes *csr)
{
  g_autoptr (BIO) bio = NULL;
  const unsigned char *der;
  char *text = NULL;
  long length;
  gsize size;

  g_return_val_if_fail (csr != NULL, NULL);

  der = g_bytes_get_data (csr, &size);
  bio = BIO_new (BIO_s_mem ());
  if (bio == NULL || PEM_write_bio (bio, PEM_STRING_X509_REQ, "", der, (long) size) <= 0)
    g_error ("%s: failed to allocate memory", G_STRLOC);
  length = BIO_get_mem_data (bio, &text);

  return g_strndup (text, (gsize) length);
}

char *
cw_csr_get_fingerprint (GBytes *csr)
{
  g_autoptr (GChecksum) checksum = NULL;
  guint8 digest[32];
  gsize length = sizeof digest;
  gconstpointer der;
  gsize size;

  g_return_val_if_fail (csr != NULL, NULL);

  der = g_bytes_get_data (csr, &size);
  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, der, (gssize) size);
  g_checksum_get_digest (checksum, digest, &length);

  return cw_text_from_bytes (digest, length);
}

char *
cw_csr_get_key_fingerprint (GBytes *csr, GError **error)
{
  g_autoptr (X509_REQ) req = NULL;

  g_return_val_if_fail (csr != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  req = cw_csr_parse (csr, error);

  return req != NULL ? cw_pkey_get_fingerprint (X509_REQ_get0_pubkey (req)) : NULL;
}

X509_REQ *
cw_csr_parse (GBytes *csr, GError **error)
{
  gsize size;
  const unsigned char *data = g_bytes_get_data (csr, &size);
  const unsigned char *end = size > 0 ? data + size : data;
  g_autoptr (X509_REQ) req = NULL;

  ERR_clear_error ();
  if (size > 0 && size <= G_MAXINT)
    req = d2i_X509_REQ (NULL, &data, (long) size);
  if (req != NULL && data == end && X509_REQ_get0_pubkey (req) != NULL)
    return g_steal_pointer (&req);

  cw_error_set_openssl (error, CW_ERROR_UNREADABLE,
                        _ ("The certificate request is damaged and cannot be read."));

  return NULL;
}
