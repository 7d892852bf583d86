/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-enrolment-private.h"

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-keyring.h"
#include "cw-store-private.h"

/* Set on an identity while a piece of work changes it. */
static GQuark
busy_quark (void)
{
  return g_quark_from_static_string ("cw-enrolment-busy-quark");
}

static void
enrolment_free (gpointer data)
{
  CwEnrolment *self = data;

  g_clear_object (&self->identity);
  g_clear_object (&self->request);
  g_clear_pointer (&self->key_fingerprint, g_free);
  g_clear_pointer (&self->pem, cw_secret_unref);
  g_clear_pointer (&self->key, cw_key_unref);
  g_clear_pointer (&self->changes, cw_identity_row_free);
  g_clear_object (&self->authority);
  g_clear_object (&self->answered);
  g_clear_object (&self->grant);
  g_clear_object (&self->chain);
  g_clear_object (&self->result);
  g_clear_error (&self->error);
  g_free (self);
}

void
cw_enrolment_work_free (gpointer data)
{
  CwEnrolmentWork *work = data;

  g_clear_pointer (&work->key, cw_key_unref);
  g_clear_pointer (&work->pem, cw_secret_unref);
  g_clear_pointer (&work->fingerprint, g_free);
  g_clear_object (&work->request);
  g_clear_object (&work->grant);
  g_clear_object (&work->chain);
  g_clear_pointer (&work->csr, g_bytes_unref);
  g_clear_pointer (&work->issued, g_ptr_array_unref);
  g_free (work);
}

CwStore *
cw_enrolment_get_store (GTask *task)
{
  return g_task_get_source_object (task);
}

static void
set_busy (CwEnrolment *self, gboolean busy)
{
  self->busy = busy;
  g_object_set_qdata (G_OBJECT (self->identity), busy_quark (), GINT_TO_POINTER (busy));
}

static gboolean
is_busy (CwIdentity *identity)
{
  return g_object_get_qdata (G_OBJECT (identity), busy_quark ()) != NULL;
}

/* The mark goes before the caller hears of the end, so that it can begin anew. */
void
cw_enrolment_end_with_error (GTask *task, GError *error)
{
  CwEnrolment *self = g_task_get_task_data (task);

  if (self->busy)
    set_busy (self, FALSE);
  g_task_return_error (task, error);
  g_object_unref (task);
}

void
cw_enrolment_end (GTask *task)
{
  CwEnrolment *self = g_task_get_task_data (task);

  if (self->busy)
    set_busy (self, FALSE);
  g_task_return_pointer (
      task, g_object_ref (self->result ? self->result : G_OBJECT (self->identity)), g_object_unref);
  g_object_unref (task);
}

/* Whether the step after @error may begin; ends the task if not. */
gboolean
cw_enrolment_go_on (GTask *task, GError *error)
{
  g_autoptr (GError) cancelled = NULL;

  if (error)
    {
      cw_enrolment_end_with_error (task, error);
      return FALSE;
    }
  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &cancelled))
    {
      cw_enrolment_end_with_error (task, g_steal_pointer (&cancelled));
      return FALSE;
    }
  return TRUE;
}

/* Returns: (transfer full): to be ended by cw_enrolment_end() or cw_enrolment_end_with_error() */
GTask *
cw_enrolment_new_task (CwStore *store,
                       CwIdentity *identity,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data,
                       gpointer tag)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  CwEnrolment *self = g_new0 (CwEnrolment, 1);

  g_task_set_source_tag (task, tag);
  /* What was saved was saved: a cancel that comes too late changes nothing. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, enrolment_free);
  self->identity = g_object_ref (identity);
  return task;
}

gboolean
cw_enrolment_begin (GTask *task)
{
  CwEnrolment *self = g_task_get_task_data (task);
  g_autofree char *title = NULL;

  if (!cw_enrolment_go_on (task, NULL))
    return FALSE;
  if (!is_busy (self->identity))
    {
      set_busy (self, TRUE);
      return TRUE;
    }

  title = cw_identity_get_title (self->identity);
  cw_enrolment_end_with_error (
      task, g_error_new (CW_ERROR, CW_ERROR_FAILED,
                         /* Translators: %s is the name of a certificate */
                         _ ("Certwright is still working on “%s”. Wait until it has "
                            "ended, then try again."),
                         title));
  return FALSE;
}

void
cw_enrolment_report (GTask *task, CwEnrolmentPhase phase)
{
  CwEnrolment *self = g_task_get_task_data (task);

  if (self->progress)
    self->progress (phase, self->progress_data);
}

void
cw_enrolment_run_in_thread (GTask *task,
                            CwEnrolmentWork *work,
                            GTaskThreadFunc func,
                            GAsyncReadyCallback callback)
{
  g_autoptr (GTask) thread = g_task_new (NULL, g_task_get_cancellable (task), callback, task);

  g_task_set_task_data (thread, work, cw_enrolment_work_free);
  g_task_set_return_on_cancel (thread, TRUE);
  g_task_run_in_thread (thread, func);
}

void
cw_enrolment_return_key (GTask *thread, CwKey *key, GError *error)
{
  CwEnrolmentWork *made;

  if (!key)
    {
      g_task_return_error (thread, error);
      return;
    }

  made = g_new0 (CwEnrolmentWork, 1);
  made->kind = cw_key_get_kind (key);
  made->fingerprint = g_strdup (cw_key_get_fingerprint (key));
  made->pem = cw_key_to_pem (key, &error);
  if (made->pem)
    {
      g_task_return_pointer (thread, made, cw_enrolment_work_free);
      return;
    }

  cw_enrolment_work_free (made);
  g_task_return_error (thread, error);
}

static void
write_in_thread (GTask *thread, gpointer source, gpointer data, GCancellable *cancellable)
{
  CwEnrolmentWork *work = data;

  cw_enrolment_return_key (thread, work->key, NULL);
}

static char *
make_label (CwIdentity *identity)
{
  g_autofree char *title = cw_identity_get_title (identity);

  /* Translators: what the keyring's program shows; %s is the name of a certificate */
  return g_strdup_printf (_ ("Private key of %s (Certwright)"), title);
}

/* Saving what the work was for, its last step. */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (cw_store_save_finish (CW_STORE (source), result, &error))
    cw_enrolment_end (task);
  else
    cw_enrolment_end_with_error (task, error);
}

void
cw_enrolment_save_result (GTask *task)
{
  CwEnrolment *self = g_task_get_task_data (task);

  cw_enrolment_report (task, CW_ENROLMENT_SAVING);
  cw_store_save_changes_async (cw_enrolment_get_store (task), self->identity,
                               g_steal_pointer (&self->changes), TRUE,
                               g_task_get_cancellable (task), saved_cb, task);
}

/* Storing the key: its fingerprint in the store, then itself in the keyring. */

void
cw_enrolment_store_key (GTask *task, GAsyncReadyCallback callback)
{
  CwEnrolment *self = g_task_get_task_data (task);
  g_autofree char *label = make_label (self->identity);

  cw_keyring_store_async (cw_identity_get_id (self->identity), self->key_fingerprint, label,
                          self->pem, g_task_get_cancellable (task), callback, task);
  g_clear_pointer (&self->pem, cw_secret_unref);
}

void
cw_enrolment_save_fingerprint (GTask *task, gboolean listed, GAsyncReadyCallback callback)
{
  CwEnrolment *self = g_task_get_task_data (task);
  g_autoptr (CwIdentityRow) changes = g_new0 (CwIdentityRow, 1);

  changes->key_fingerprint = g_strdup (self->key_fingerprint);
  cw_store_save_changes_async (cw_enrolment_get_store (task), self->identity,
                               g_steal_pointer (&changes), listed, g_task_get_cancellable (task),
                               callback, task);
}

/* Takes from a thread the key that it has made or written. */
gboolean
cw_enrolment_take_key (GTask *task, GAsyncResult *result, GError **error)
{
  CwEnrolment *self = g_task_get_task_data (task);
  CwEnrolmentWork *made = g_task_propagate_pointer (G_TASK (result), error);

  if (!made)
    return FALSE;

  g_free (self->key_fingerprint);
  self->key_fingerprint = g_steal_pointer (&made->fingerprint);
  g_clear_pointer (&self->pem, cw_secret_unref);
  self->pem = g_steal_pointer (&made->pem);
  cw_enrolment_work_free (made);
  return TRUE;
}

void
cw_enrolment_write_key (GTask *task, GAsyncReadyCallback callback)
{
  CwEnrolment *self = g_task_get_task_data (task);
  CwEnrolmentWork *work = g_new0 (CwEnrolmentWork, 1);

  work->key = cw_key_ref (self->key);
  cw_enrolment_run_in_thread (task, work, write_in_thread, callback);
}

gboolean
cw_enrolment_was_not_stored (const GError *error)
{
  return g_error_matches (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_LOCKED) ||
         g_error_matches (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_DISMISSED) ||
         g_error_matches (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_ABSENT) ||
         g_error_matches (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_BUSY);
}

gboolean
cw_enrolment_check_fits (const char *key_fingerprint, CwChain *chain, GError **error)
{
  CwCertificate *leaf = cw_chain_get_leaf (chain);

  if (g_strcmp0 (key_fingerprint, cw_certificate_get_key_fingerprint (leaf)) == 0)
    return TRUE;

  g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
               /* Translators: %s is the name in a certificate */
               _ ("The certificate “%s” is for another key. Nothing was changed. Look for the "
                  "certificate that answers this request, or ask the CA for it."),
               cw_certificate_get_title (leaf));
  return FALSE;
}

CwIdentityRow *
cw_enrolment_changes_for (CwChain *chain, GBytes *csr)
{
  CwIdentityRow *changes = g_new0 (CwIdentityRow, 1);

  if (chain)
    cw_identity_row_set_chain (changes, chain);
  if (csr)
    {
      changes->csr = g_bytes_ref (csr);
      changes->requested_at = g_get_real_time () / G_USEC_PER_SEC;
    }
  return changes;
}

gboolean
cw_enrolment_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (GObject) ended = g_task_propagate_pointer (G_TASK (result), error);

  return ended != NULL;
}
