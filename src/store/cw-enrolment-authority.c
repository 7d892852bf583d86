/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Enrolment without a CA elsewhere: self-signed, and with a private CA.
 */

#include "config.h"

#include "cw-enrolment.h"

#include <glib/gi18n-lib.h>

#include "cw-enrolment-private.h"
#include "cw-error.h"
#include "cw-keyring.h"
#include "cw-store-private.h"

static CwAuthority *
read_authority (CwEnrolmentWork *work, GError **error)
{
  g_autoptr (CwKey) key = cw_key_new_from_pem (work->pem, NULL, error);

  return key ? cw_authority_new (cw_chain_get_leaf (work->chain), key, error) : NULL;
}

/* The certificate, then the CA's own chain. */
static CwChain *
join_chain (CwCertificate *certificate, CwChain *issuers)
{
  return cw_chain_new (certificate, cw_chain_get_certificates (issuers), NULL);
}

static void
issue_in_thread (GTask *thread, gpointer source, gpointer data, GCancellable *cancellable)
{
  CwEnrolmentWork *work = data;
  GError *error = NULL;
  g_autoptr (CwAuthority) authority = read_authority (work, &error);
  g_autoptr (CwCertificate) certificate =
      authority ? cw_authority_sign (authority, work->grant, &error) : NULL;

  if (certificate)
    g_task_return_pointer (thread, join_chain (certificate, work->chain), g_object_unref);
  else
    g_task_return_error (thread, error);
}

/* Issuing, from its last step to its first. */

static void
issued_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (cw_store_save_finish (CW_STORE (source), result, &error))
    cw_enrolment_end (task);
  else
    cw_enrolment_end_with_error (task, error);
}

static CwIssuedRow *
make_record (CwEnrolment *self)
{
  CwIssuedRow *record = g_new0 (CwIssuedRow, 1);

  record->authority_id = g_strdup (cw_identity_get_id (self->authority));
  record->certificate = g_object_ref (cw_chain_get_leaf (self->chain));
  record->issued_at = g_get_real_time () / G_USEC_PER_SEC;
  return record;
}

static CwIdentityRow *
make_answer (CwEnrolment *self)
{
  CwIdentityRow *changes =
      self->changes ? g_steal_pointer (&self->changes) : g_new0 (CwIdentityRow, 1);

  cw_identity_row_set_chain (changes, self->chain);
  changes->authority_id = g_strdup (cw_identity_get_id (self->authority));
  return changes;
}

static void
issued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->chain = g_task_propagate_pointer (G_TASK (result), &error);
  if (!cw_enrolment_go_on (task, error))
    return;

  self->result = G_OBJECT (g_object_ref (self->chain));
  cw_enrolment_report (task, CW_ENROLMENT_SAVING);
  cw_store_issue_async (cw_enrolment_get_store (task), make_record (self), self->answered,
                        self->answered ? make_answer (self) : NULL, g_task_get_cancellable (task),
                        issued_saved_cb, task);
}

static void
authority_key_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (CwSecret) pem = cw_keyring_lookup_finish (result, &error);
  CwEnrolmentWork *work;

  if (!cw_enrolment_go_on (task, error))
    return;

  work = g_new0 (CwEnrolmentWork, 1);
  work->pem = g_steal_pointer (&pem);
  work->grant = g_object_ref (self->grant);
  work->chain = g_object_ref (cw_identity_get_chain (self->authority));
  cw_enrolment_run_in_thread (task, work, issue_in_thread, issued_cb);
}

static void
look_up_authority_key (GTask *task, GAsyncReadyCallback callback)
{
  CwEnrolment *self = g_task_get_task_data (task);

  cw_keyring_lookup_async (cw_identity_get_id (self->authority),
                           cw_identity_get_key_fingerprint (self->authority),
                           g_task_get_cancellable (task), callback, task);
}

void
cw_enrolment_issue_grant (GTask *task)
{
  cw_enrolment_report (task, CW_ENROLMENT_SIGNING);
  look_up_authority_key (task, authority_key_found_cb);
}

static gboolean
check_authority (CwIdentity *authority, GError **error)
{
  g_autofree char *title = cw_identity_get_title (authority);

  if (!cw_identity_get_is_authority (authority) || !cw_identity_get_chain (authority))
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                 /* Translators: %s is the name of a certificate */
                 _ ("“%s” is not a CA that is kept here, or its certificate was not made yet."),
                 title);
  else if (cw_identity_get_state (authority, NULL) == CW_IDENTITY_EXPIRED)
    cw_authority_set_expired (title, error);
  else
    return TRUE;

  return FALSE;
}

/* Only the request that waits is answered: a certificate that is there is not replaced. */
static gboolean
check_answered (CwIdentity *answered, CwGrant *grant, GError **error)
{
  const char *fingerprint = cw_grant_get_key_fingerprint (grant);
  g_autofree char *title = cw_identity_get_title (answered);

  if (g_strcmp0 (cw_identity_get_key_fingerprint (answered), fingerprint) != 0)
    g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
                 /* Translators: %s is the name of a certificate */
                 _ ("The request is for another key than that of “%s”. Nothing was signed."),
                 title);
  else if (cw_identity_get_state (answered, NULL) != CW_IDENTITY_WAITING)
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                 /* Translators: %s is the name of a certificate */
                 _ ("“%s” does not wait for a certificate. Start a new request for it."), title);
  else
    return TRUE;

  return FALSE;
}

static GTask *
begin_making (CwStore *store,
              CwIdentity *identity,
              CwEnrolmentProgress progress,
              gpointer progress_data,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data,
              gpointer tag)
{
  GTask *task = cw_enrolment_new_task (store, identity, cancellable, callback, user_data, tag);
  CwEnrolment *self;

  if (!cw_enrolment_begin (task))
    return NULL;

  self = g_task_get_task_data (task);
  self->progress = progress;
  self->progress_data = progress_data;
  return task;
}

/* The revocation list, from its last step to its first. */

static void
revoked_free (gpointer data)
{
  CwRevoked *revoked = data;

  g_date_time_unref (revoked->at);
  g_free (revoked);
}

/* The certificates stay those of the rows. */
static GPtrArray *
select_revoked (GPtrArray *rows)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (revoked_free);

  for (guint i = 0; i < rows->len; i++)
    {
      const CwIssuedRow *row = g_ptr_array_index (rows, i);
      CwRevoked *revoked;

      if (!row->revoked_at)
        continue;
      revoked = g_new0 (CwRevoked, 1);
      revoked->certificate = row->certificate;
      revoked->at = g_date_time_new_from_unix_utc (row->revoked_at);
      revoked->reason = row->reason;
      g_ptr_array_add (all, revoked);
    }
  return all;
}

static void
sign_crl_in_thread (GTask *thread, gpointer source, gpointer data, GCancellable *cancellable)
{
  CwEnrolmentWork *work = data;
  GError *error = NULL;
  g_autoptr (CwAuthority) authority = read_authority (work, &error);
  g_autoptr (GPtrArray) revoked = select_revoked (work->issued);
  CwCrl *crl = NULL;

  if (authority)
    crl = cw_authority_create_crl (authority, revoked, work->crl_number, work->days, &error);
  if (crl)
    g_task_return_pointer (thread, crl, g_object_unref);
  else
    g_task_return_error (thread, error);
}

static void
crl_signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->result = g_task_propagate_pointer (G_TASK (result), &error);
  if (self->result)
    cw_enrolment_end (task);
  else
    cw_enrolment_end_with_error (task, error);
}

static void
crl_begun_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  CwEnrolmentWork *work = g_new0 (CwEnrolmentWork, 1);
  GError *error = NULL;

  work->issued = cw_store_begin_crl_finish (CW_STORE (source), result, &work->crl_number, &error);
  work->pem = g_steal_pointer (&self->pem);
  work->chain = g_object_ref (cw_identity_get_chain (self->authority));
  work->days = self->days;
  if (cw_enrolment_go_on (task, error))
    cw_enrolment_run_in_thread (task, work, sign_crl_in_thread, crl_signed_cb);
  else
    cw_enrolment_work_free (work);
}

/* The number is taken only once the list can be signed. */
static void
crl_key_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->pem = cw_keyring_lookup_finish (result, &error);
  if (cw_enrolment_go_on (task, error))
    cw_store_begin_crl_async (cw_enrolment_get_store (task), self->authority,
                              g_task_get_cancellable (task), crl_begun_cb, task);
}

static void
revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cw_store_save_finish (CW_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
cw_enrolment_self_sign_async (CwStore *store,
                              CwIdentity *identity,
                              CwEnrolmentProgress progress,
                              gpointer progress_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  task = begin_making (store, identity, progress, progress_data, cancellable, callback, user_data,
                       cw_enrolment_self_sign_async);
  if (!task)
    return;

  cw_identity_set_signer (identity, CW_SIGNER_SELF);
  cw_enrolment_make (task, CW_ENROLMENT_SELF_SIGNED);
}

gboolean
cw_enrolment_self_sign_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return cw_enrolment_finish (result, error);
}

void
cw_enrolment_create_authority_async (CwStore *store,
                                     CwIdentity *identity,
                                     CwEnrolmentProgress progress,
                                     gpointer progress_data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (CW_IS_IDENTITY (identity));
  g_return_if_fail (cw_identity_get_is_authority (identity));

  task = begin_making (store, identity, progress, progress_data, cancellable, callback, user_data,
                       cw_enrolment_create_authority_async);
  if (task)
    cw_enrolment_make (task, CW_ENROLMENT_OWN_AUTHORITY);
}

gboolean
cw_enrolment_create_authority_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return cw_enrolment_finish (result, error);
}

void
cw_enrolment_issue_async (CwStore *store,
                          CwIdentity *authority,
                          CwGrant *grant,
                          CwIdentity *answered,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GError *error = NULL;
  CwEnrolment *self;
  GTask *task;

  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (CW_IS_IDENTITY (authority));
  g_return_if_fail (CW_IS_GRANT (grant));
  g_return_if_fail (!answered || CW_IS_IDENTITY (answered));

  task = begin_making (store, answered ? answered : authority, NULL, NULL, cancellable, callback,
                       user_data, cw_enrolment_issue_async);
  if (!task)
    return;
  if (check_authority (authority, &error) && cw_grant_check (grant, &error) && answered)
    check_answered (answered, grant, &error);
  if (!cw_enrolment_go_on (task, error))
    return;

  self = g_task_get_task_data (task);
  self->authority = g_object_ref (authority);
  self->grant = cw_grant_copy (grant);
  if (answered)
    self->answered = g_object_ref (answered);
  cw_enrolment_issue_grant (task);
}

CwChain *
cw_enrolment_issue_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cw_enrolment_issue_draft_async (CwStore *store,
                                CwIdentity *identity,
                                CwIdentity *authority,
                                CwEnrolmentProgress progress,
                                gpointer progress_data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GError *error = NULL;
  CwEnrolment *self;
  GTask *task;

  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (CW_IS_IDENTITY (identity));
  g_return_if_fail (CW_IS_IDENTITY (authority));

  task = begin_making (store, identity, progress, progress_data, cancellable, callback, user_data,
                       cw_enrolment_issue_draft_async);
  if (!task)
    return;
  check_authority (authority, &error);
  if (!cw_enrolment_go_on (task, error))
    return;

  self = g_task_get_task_data (task);
  self->authority = g_object_ref (authority);
  self->answered = g_object_ref (identity);
  cw_enrolment_make (task, CW_ENROLMENT_ISSUED);
}

gboolean
cw_enrolment_issue_draft_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return cw_enrolment_finish (result, error);
}

void
cw_enrolment_revoke_async (CwStore *store,
                           CwIssued *issued,
                           CwRevocationReason reason,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (CW_IS_ISSUED (issued));
  g_return_if_fail ((guint) reason < CW_N_REVOCATION_REASONS);

  task = g_task_new (store, cancellable, callback, user_data);
  g_task_set_source_tag (task, cw_enrolment_revoke_async);
  /* What was saved was saved: a cancel that comes too late changes nothing. */
  g_task_set_check_cancellable (task, FALSE);
  cw_store_revoke_async (store, issued, reason, cancellable, revoked_cb, task);
}

gboolean
cw_enrolment_revoke_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_enrolment_create_crl_async (CwStore *store,
                               CwIdentity *authority,
                               guint days,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GError *error = NULL;
  CwEnrolment *self;
  GTask *task;

  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (CW_IS_IDENTITY (authority));
  g_return_if_fail (days >= 1 && days <= CW_REQUEST_MAX_DAYS);

  task = begin_making (store, authority, NULL, NULL, cancellable, callback, user_data,
                       cw_enrolment_create_crl_async);
  if (!task)
    return;
  check_authority (authority, &error);
  if (!cw_enrolment_go_on (task, error))
    return;

  self = g_task_get_task_data (task);
  self->authority = g_object_ref (authority);
  self->days = days;
  look_up_authority_key (task, crl_key_found_cb);
}

CwCrl *
cw_enrolment_create_crl_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
