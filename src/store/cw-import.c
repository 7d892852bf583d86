/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-enrolment.h"

#include <glib/gi18n-lib.h>

#include "cw-enrolment-private.h"
#include "cw-error.h"
#include "cw-keyring.h"
#include "cw-store-private.h"
#include "cw-usage.h"

/* Importing, from its last step to its first. */

static void
import_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;

  cw_store_remove_finish (CW_STORE (source), result, NULL);
  g_object_unref (task);
}

/*
 * If it is not certain that the key is gone, its row stays: it is a draft at
 * the next start, with the key's fingerprint, and can be deleted there.
 */
static void
import_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);

  if (cw_keyring_clear_finish (result, NULL) || cw_enrolment_was_not_stored (self->error))
    cw_store_remove_async (cw_enrolment_get_store (task), self->identity, NULL, import_removed_cb,
                           task);
  else
    g_object_unref (task);
}

/* The caller hears of the error at once; what was begun is taken back behind it. */
static void
take_import_back (GTask *task, GError *error)
{
  CwEnrolment *self = g_task_get_task_data (task);

  self->error = g_error_copy (error);
  cw_keyring_clear_async (cw_identity_get_id (self->identity), self->key_fingerprint, NULL,
                          import_cleared_cb, g_object_ref (task));
  cw_enrolment_end_with_error (task, error);
}

static void
import_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (cw_store_save_finish (CW_STORE (source), result, &error))
    cw_enrolment_end (task);
  else
    take_import_back (task, error);
}

static void
import_key_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cw_keyring_store_finish (result, &error))
    {
      take_import_back (task, error);
      return;
    }
  cw_store_save_changes_async (cw_enrolment_get_store (task), self->identity,
                               g_steal_pointer (&self->changes), TRUE,
                               g_task_get_cancellable (task), import_saved_cb, task);
}

static void
import_fingerprint_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (cw_store_save_finish (CW_STORE (source), result, &error))
    cw_enrolment_store_key (task, import_key_stored_cb);
  else
    cw_enrolment_end_with_error (task, error);
}

static void
import_key_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  cw_enrolment_take_key (task, result, &error);
  if (cw_enrolment_go_on (task, error))
    cw_enrolment_save_fingerprint (task, FALSE, import_fingerprint_saved_cb);
}

static void
copy_usages (CwRequest *request, CwCertificate *certificate)
{
  const char *const *usages = cw_certificate_get_usages (certificate);

  if (!usages)
    return;

  cw_request_set_usage (request, CW_USAGE_CLIENT_AUTH, FALSE);
  for (guint i = 0; usages[i]; i++)
    cw_request_set_usage (request, usages[i], TRUE);
}

static CwRequest *
request_from_certificate (CwCertificate *certificate)
{
  CwRequest *request = cw_request_new ();
  CwSubject *subject = cw_certificate_get_subject (certificate);
  GListModel *names = cw_certificate_get_alt_names (certificate);

  for (guint i = 0; i < cw_subject_get_n_attributes (subject); i++)
    cw_subject_append (cw_request_get_subject (request), cw_subject_get_attribute_type (subject, i),
                       cw_subject_get_attribute_value (subject, i));

  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);

      if (cw_alt_name_get_kind (name) != CW_ALT_NAME_UNKNOWN)
        cw_request_add_alt_name (request, name);
    }

  copy_usages (request, certificate);
  return request;
}

static CwIdentity *
identity_for_import (CwKey *key, CwRequest *request, const char *profile_id)
{
  g_autoptr (CwIdentity) blank = cw_identity_new ();
  CwIdentityRow *row = cw_identity_to_row (blank);

  cw_request_set_key_kind (request, cw_key_get_kind (key));
  g_free (row->request);
  row->request = cw_request_to_text (request);
  g_free (row->title);
  row->title = cw_subject_get_title (cw_request_get_subject (request));
  row->profile_id = g_strdup (profile_id);
  row->key_imported = TRUE;
  return cw_identity_new_for_row (row);
}

static CwRequest *
request_for_import (CwKey *key, CwChain *chain, GBytes *csr, GError **error)
{
  g_autofree char *csr_key = NULL;

  if (chain && !cw_enrolment_check_fits (cw_key_get_fingerprint (key), chain, error))
    return NULL;
  if (!csr)
    return chain ? request_from_certificate (cw_chain_get_leaf (chain)) : cw_request_new ();

  csr_key = cw_csr_get_key_fingerprint (csr, error);
  if (!csr_key)
    return NULL;
  if (g_strcmp0 (csr_key, cw_key_get_fingerprint (key)) == 0)
    return cw_request_new_from_csr (csr, error);

  g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
               _ ("The request is for another key than the one that came with it. Nothing was "
                  "imported. Choose a key and a request that belong together."));
  return NULL;
}

void
cw_enrolment_import_async (CwStore *store,
                           CwKey *key,
                           CwChain *chain,
                           GBytes *csr,
                           const char *profile_id,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (CwRequest) request = NULL;
  g_autoptr (CwIdentity) identity = NULL;
  GError *error = NULL;
  CwEnrolment *self;
  GTask *task;

  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (key);
  g_return_if_fail (!chain || CW_IS_CHAIN (chain));

  request = request_for_import (key, chain, csr, &error);
  identity = request ? identity_for_import (key, request, profile_id) : cw_identity_new ();
  task = cw_enrolment_new_task (store, identity, cancellable, callback, user_data,
                                cw_enrolment_import_async);
  if (!cw_enrolment_go_on (task, error))
    return;

  self = g_task_get_task_data (task);
  self->key = cw_key_ref (key);
  self->changes = cw_enrolment_changes_for (chain, csr);
  cw_enrolment_write_key (task, import_key_written_cb);
}

CwIdentity *
cw_enrolment_import_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
