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

/* Set on a draft whose new key the keyring did not take: it has none to be cleared. */
static GQuark
key_nowhere_quark (void)
{
  return g_quark_from_static_string ("cw-enrolment-key-nowhere-quark");
}

static void
set_key_nowhere (CwIdentity *identity, gboolean nowhere)
{
  g_object_set_qdata (G_OBJECT (identity), key_nowhere_quark (), GINT_TO_POINTER (nowhere));
}

static void
generate_in_thread (GTask *thread, gpointer source, gpointer data, GCancellable *cancellable)
{
  CwEnrolmentWork *work = data;
  GError *error = NULL;
  g_autoptr (CwKey) key = cw_key_generate (work->kind, cancellable, &error);

  cw_enrolment_return_key (thread, key, error);
}

static void
read_in_thread (GTask *thread, gpointer source, gpointer data, GCancellable *cancellable)
{
  CwEnrolmentWork *work = data;
  GError *error = NULL;
  g_autoptr (CwKey) key = cw_key_new_from_pem (work->pem, NULL, &error);

  cw_enrolment_return_key (thread, key, error);
}

static gboolean
check_read_back (CwEnrolmentWork *work, CwKey *key, GError **error)
{
  if (g_strcmp0 (cw_key_get_fingerprint (key), work->fingerprint) == 0)
    return TRUE;

  g_set_error_literal (error, CW_ERROR, CW_ERROR_MISMATCH,
                       _ ("The keyring gave back another key than the one that was "
                          "stored. No request was made. Try again."));
  return FALSE;
}

static CwChain *
certify (CwEnrolmentWork *work, CwKey *key, GError **error)
{
  g_autoptr (CwCertificate) certificate =
      work->product == CW_ENROLMENT_SELF_SIGNED
          ? cw_request_self_sign (work->request, key, error)
          : cw_authority_create_certificate (work->request, key, error);

  return certificate ? cw_chain_new (certificate, NULL, NULL) : NULL;
}

/* A private CA here must grant what was typed here, or say why not: nothing is dropped. */
static CwGrant *
grant_all (GBytes *csr, CwRequest *request, GError **error)
{
  g_autoptr (CwGrant) grant = cw_grant_new_from_csr (csr, error);
  GPtrArray *ignored = grant ? cw_grant_get_ignored (grant) : NULL;

  if (!grant)
    return NULL;
  if (ignored->len > 0)
    {
      const CwIgnored *first = g_ptr_array_index (ignored, 0);

      g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                   /* Translators: what is asked for, as in "Anything (any extended key usage)", and
                      a sentence that says why not */
                   _ ("The CA cannot grant “%s”. %s Remove it, then try again."), first->title,
                   first->reason);
      return NULL;
    }

  cw_request_set_days (cw_grant_get_request (grant), cw_request_get_days (request));
  return g_steal_pointer (&grant);
}

static gboolean
make_product (CwEnrolmentWork *work, CwKey *key, CwEnrolmentWork *made, GError **error)
{
  if (work->product == CW_ENROLMENT_SELF_SIGNED || work->product == CW_ENROLMENT_OWN_AUTHORITY)
    {
      made->chain = certify (work, key, error);
      return made->chain != NULL;
    }

  made->csr = cw_request_create_csr (work->request, key, error);
  if (made->csr && work->product == CW_ENROLMENT_ISSUED)
    made->grant = grant_all (made->csr, work->request, error);
  return made->csr && (made->grant || work->product == CW_ENROLMENT_REQUEST);
}

static void
sign_in_thread (GTask *thread, gpointer source, gpointer data, GCancellable *cancellable)
{
  CwEnrolmentWork *work = data;
  CwEnrolmentWork *made = g_new0 (CwEnrolmentWork, 1);
  GError *error = NULL;
  g_autoptr (CwKey) key = cw_key_new_from_pem (work->pem, NULL, &error);

  if (key && check_read_back (work, key, &error) && make_product (work, key, made, &error))
    {
      g_task_return_pointer (thread, made, cw_enrolment_work_free);
      return;
    }

  cw_enrolment_work_free (made);
  g_task_return_error (thread, error);
}

/* The request, from its last step to its first. */

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  GError *error = NULL;
  CwEnrolmentWork *made = g_task_propagate_pointer (G_TASK (result), &error);

  if (!cw_enrolment_go_on (task, error))
    {
      g_clear_pointer (&made, cw_enrolment_work_free);
      return;
    }

  self->changes = cw_enrolment_changes_for (made->chain, made->csr);
  self->grant = g_steal_pointer (&made->grant);
  cw_enrolment_work_free (made);
  if (self->product == CW_ENROLMENT_ISSUED)
    cw_enrolment_issue_grant (task);
  else
    cw_enrolment_save_result (task);
}

static void
sign (GTask *task, const char *fingerprint, CwSecret *pem)
{
  CwEnrolment *self = g_task_get_task_data (task);
  CwEnrolmentWork *work = g_new0 (CwEnrolmentWork, 1);

  cw_enrolment_report (task, CW_ENROLMENT_SIGNING);
  work->pem = cw_secret_ref (pem);
  work->fingerprint = g_strdup (fingerprint);
  work->request = g_object_ref (self->request);
  work->product = self->product;
  cw_enrolment_run_in_thread (task, work, sign_in_thread, signed_cb);
}

static void
read_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (CwSecret) pem = cw_keyring_lookup_finish (result, &error);

  if (cw_enrolment_go_on (task, error))
    sign (task, self->key_fingerprint, pem);
}

static void
new_key_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  GError *error = NULL;

  cw_keyring_store_finish (result, &error);
  set_key_nowhere (self->identity, error && cw_enrolment_was_not_stored (error));
  if (!cw_enrolment_go_on (task, error))
    return;

  cw_keyring_lookup_async (cw_identity_get_id (self->identity), self->key_fingerprint,
                           g_task_get_cancellable (task), read_back_cb, task);
}

static void
new_fingerprint_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  cw_store_save_finish (CW_STORE (source), result, &error);
  if (!cw_enrolment_go_on (task, error))
    return;

  cw_enrolment_report (task, CW_ENROLMENT_STORING);
  cw_enrolment_store_key (task, new_key_stored_cb);
}

static void
generated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  cw_enrolment_take_key (task, result, &error);
  if (cw_enrolment_go_on (task, error))
    cw_enrolment_save_fingerprint (task, TRUE, new_fingerprint_saved_cb);
}

static void
generate (GTask *task)
{
  CwEnrolment *self = g_task_get_task_data (task);
  CwEnrolmentWork *work = g_new0 (CwEnrolmentWork, 1);

  cw_enrolment_report (task, CW_ENROLMENT_GENERATING);
  work->kind = cw_request_get_key_kind (self->request);
  cw_enrolment_run_in_thread (task, work, generate_in_thread, generated_cb);
}

static void
old_key_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  cw_keyring_clear_finish (result, &error);
  if (cw_enrolment_go_on (task, error))
    generate (task);
}

/* Also if none was found: a store that was cancelled may still be under way. */
static void
clear_old_key (GTask *task)
{
  CwEnrolment *self = g_task_get_task_data (task);

  cw_keyring_clear_async (cw_identity_get_id (self->identity),
                          cw_identity_get_key_fingerprint (self->identity),
                          g_task_get_cancellable (task), old_key_cleared_cb, task);
}

static GError *
imported_kind_error (CwEnrolment *self, CwKeyKind kind)
{
  g_autofree char *title = cw_identity_get_title (self->identity);

  return g_error_new (
      CW_ERROR, CW_ERROR_MISMATCH,
      /* Translators: the name of a certificate, then two kinds of key, as in "RSA 3072" */
      _ ("The key that was imported for “%s” is %s, and the request asks for %s. "
         "Choose the kind of the imported key, or start a new request."),
      title, cw_key_kind_get_title (kind),
      cw_key_kind_get_title (cw_request_get_key_kind (self->request)));
}

static GError *
imported_unreadable_error (CwEnrolment *self)
{
  g_autofree char *title = cw_identity_get_title (self->identity);

  return g_error_new (CW_ERROR, CW_ERROR_UNREADABLE,
                      /* Translators: the name of a certificate */
                      _ ("What the keyring holds for “%s” is not the key that was imported, or "
                         "cannot be read any more. It was left as it is. Delete this entry and "
                         "import the key again, or start a new request."),
                      title);
}

/* A key that a person brought is used or refused, never thrown away. */
static void
use_or_replace (GTask *task, CwEnrolmentWork *found)
{
  CwEnrolment *self = g_task_get_task_data (task);
  const char *expected = cw_identity_get_key_fingerprint (self->identity);
  gboolean imported = cw_identity_get_key_imported (self->identity);

  if (found && g_strcmp0 (found->fingerprint, expected) == 0)
    {
      if (found->kind == cw_request_get_key_kind (self->request) ||
          (imported && found->kind == CW_KEY_KIND_OTHER))
        {
          sign (task, expected, found->pem);
          return;
        }
      if (imported)
        {
          cw_enrolment_end_with_error (task, imported_kind_error (self, found->kind));
          return;
        }
    }
  if (imported)
    cw_enrolment_end_with_error (task, imported_unreadable_error (self));
  else
    clear_old_key (task);
}

static void
old_key_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GError) error = NULL;
  CwEnrolmentWork *found = g_task_propagate_pointer (G_TASK (result), &error);

  /* What is not a key cannot be used: it makes room for a new one. */
  if (error && error->domain == CW_ERROR)
    g_clear_error (&error);
  if (cw_enrolment_go_on (task, g_steal_pointer (&error)))
    use_or_replace (task, found);
  g_clear_pointer (&found, cw_enrolment_work_free);
}

static void
old_key_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) pem = cw_keyring_lookup_finish (result, &error);
  CwEnrolmentWork *work;

  if (g_error_matches (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_NOT_FOUND) &&
      !cw_identity_get_key_imported (self->identity))
    {
      clear_old_key (task);
      return;
    }
  if (!cw_enrolment_go_on (task, g_steal_pointer (&error)))
    return;

  work = g_new0 (CwEnrolmentWork, 1);
  work->pem = g_steal_pointer (&pem);
  cw_enrolment_run_in_thread (task, work, read_in_thread, old_key_read_cb);
}

static GError *
requested_already_error (CwIdentity *identity)
{
  g_autofree char *title = cw_identity_get_title (identity);

  return g_error_new (
      CW_ERROR, CW_ERROR_INVALID,
      _ ("The request of “%s” has been made already. Start a new request to ask for "
         "something else."),
      title);
}

/* A copy of its own: it goes to a thread, and nobody changes it half-way. */
static gboolean
copy_request (CwEnrolment *self, GError **error)
{
  CwRequest *request = cw_identity_get_request (self->identity);
  g_autofree char *text = NULL;

  cw_request_add_host_name (request);
  if (!cw_request_check (request, error))
    return FALSE;

  text = cw_request_to_text (request);
  self->request = cw_request_new_from_text (text, error);
  if (!self->request)
    return FALSE;

  cw_request_set_key_kind (self->request, cw_request_get_key_kind (request));
  return TRUE;
}

/* Accepting a certificate, from its last step to its first. */

static void
accepted_key_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  cw_keyring_store_finish (result, &error);
  if (cw_enrolment_go_on (task, error))
    cw_enrolment_save_result (task);
}

static void
accepted_key_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  cw_enrolment_take_key (task, result, &error);
  if (!cw_enrolment_go_on (task, error))
    return;

  cw_enrolment_report (task, CW_ENROLMENT_STORING);
  cw_enrolment_store_key (task, accepted_key_stored_cb);
}

static void
kept_key_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  CwEnrolmentWork *found = g_task_propagate_pointer (G_TASK (result), &error);
  gboolean same = found && g_strcmp0 (found->fingerprint, cw_key_get_fingerprint (self->key)) == 0;

  g_clear_pointer (&found, cw_enrolment_work_free);
  if (error && error->domain == CW_ERROR)
    g_clear_error (&error);
  if (!cw_enrolment_go_on (task, g_steal_pointer (&error)))
    return;

  if (same)
    cw_enrolment_save_result (task);
  else
    cw_enrolment_write_key (task, accepted_key_written_cb);
}

static void
kept_key_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) pem = cw_keyring_lookup_finish (result, &error);
  CwEnrolmentWork *work;

  if (g_error_matches (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_NOT_FOUND))
    {
      cw_enrolment_write_key (task, accepted_key_written_cb);
      return;
    }
  if (!cw_enrolment_go_on (task, g_steal_pointer (&error)))
    return;

  work = g_new0 (CwEnrolmentWork, 1);
  work->pem = g_steal_pointer (&pem);
  cw_enrolment_run_in_thread (task, work, read_in_thread, kept_key_read_cb);
}

/* What is stored counts too: a certificate that comes alone takes nothing away. */
static CwChain *
join_stored (CwIdentity *identity, CwChain *chain)
{
  CwChain *present = cw_identity_get_chain (identity);
  g_autoptr (GPtrArray) candidates = NULL;

  if (!present)
    return g_object_ref (chain);

  candidates = g_ptr_array_new (); /* the chains keep them */
  g_ptr_array_extend (candidates, cw_chain_get_certificates (chain), NULL, NULL);
  g_ptr_array_extend (candidates, cw_chain_get_certificates (present), NULL, NULL);
  return cw_chain_new (cw_chain_get_leaf (chain), candidates, NULL);
}

/* A draft that has no key yet can take the one that came along. */
static gboolean
check_accept (CwIdentity *identity, CwChain *chain, CwKey *key, GError **error)
{
  return cw_enrolment_check_fits (cw_identity_get_key_fingerprint (identity), chain, error) &&
         (!key || cw_enrolment_check_fits (cw_key_get_fingerprint (key), chain, error));
}

/* Deleting, from its last step to its first. */

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (cw_store_remove_finish (CW_STORE (source), result, &error))
    cw_enrolment_end (task);
  else
    cw_enrolment_end_with_error (task, error);
}

static void
remove_identity (GTask *task)
{
  CwEnrolment *self = g_task_get_task_data (task);

  cw_store_remove_async (cw_enrolment_get_store (task), self->identity, NULL, removed_cb, task);
}

/* Of a key that was made here and that nothing was asked for with, nothing would be missed. */
static gboolean
needs_no_keyring (CwIdentity *identity)
{
  return cw_identity_get_state (identity, NULL) == CW_IDENTITY_DRAFT &&
         !cw_identity_get_key_imported (identity);
}

static gboolean
is_key_nowhere (CwIdentity *identity)
{
  return !cw_identity_get_key_fingerprint (identity) ||
         (g_object_get_qdata (G_OBJECT (identity), key_nowhere_quark ()) != NULL &&
          needs_no_keyring (identity));
}

static void
key_deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (cw_keyring_clear_finish (result, &error) ||
      (g_error_matches (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_ABSENT) &&
       needs_no_keyring (self->identity)))
    remove_identity (task);
  else
    cw_enrolment_end_with_error (task, g_steal_pointer (&error));
}

static void
delete_tried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CwEnrolment *self = g_task_get_task_data (task);
  GError *error = NULL;

  cw_store_save_finish (CW_STORE (source), result, &error);
  if (!cw_enrolment_go_on (task, error))
    return;

  /* From here on it is not cancelled: the key would go and its identity stay. */
  cw_keyring_clear_async (cw_identity_get_id (self->identity),
                          cw_identity_get_key_fingerprint (self->identity), NULL, key_deleted_cb,
                          task);
}

void
cw_enrolment_make (GTask *task, CwEnrolmentProduct product)
{
  CwEnrolment *self = g_task_get_task_data (task);
  CwIdentity *identity = self->identity;
  GError *error = NULL;

  self->product = product;
  if (cw_identity_get_state (identity, NULL) != CW_IDENTITY_DRAFT)
    error = requested_already_error (identity);
  else
    copy_request (self, &error);
  if (!cw_enrolment_go_on (task, error))
    return;

  if (!cw_identity_get_key_fingerprint (identity))
    {
      generate (task);
      return;
    }
  cw_enrolment_report (task, CW_ENROLMENT_LOOKING);
  cw_keyring_lookup_async (cw_identity_get_id (identity),
                           cw_identity_get_key_fingerprint (identity),
                           g_task_get_cancellable (task), old_key_found_cb, task);
}

void
cw_enrolment_request_async (CwStore *store,
                            CwIdentity *identity,
                            CwEnrolmentProgress progress,
                            gpointer progress_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  CwEnrolment *self;
  GTask *task;

  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  task = cw_enrolment_new_task (store, identity, cancellable, callback, user_data,
                                cw_enrolment_request_async);
  if (!cw_enrolment_begin (task))
    return;

  self = g_task_get_task_data (task);
  self->progress = progress;
  self->progress_data = progress_data;
  cw_enrolment_make (task, CW_ENROLMENT_REQUEST);
}

gboolean
cw_enrolment_request_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return cw_enrolment_finish (result, error);
}

void
cw_enrolment_accept_async (CwStore *store,
                           CwIdentity *identity,
                           CwChain *chain,
                           CwKey *key,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (CwChain) whole = NULL;
  GError *error = NULL;
  CwEnrolment *self;
  GTask *task;

  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (CW_IS_IDENTITY (identity));
  g_return_if_fail (CW_IS_CHAIN (chain));

  task = cw_enrolment_new_task (store, identity, cancellable, callback, user_data,
                                cw_enrolment_accept_async);
  if (!cw_enrolment_begin (task))
    return;
  check_accept (identity, chain, key, &error);
  if (!cw_enrolment_go_on (task, error))
    return;

  self = g_task_get_task_data (task);
  whole = join_stored (identity, chain);
  self->changes = cw_enrolment_changes_for (whole, NULL);
  if (!key)
    {
      cw_enrolment_save_result (task);
      return;
    }
  self->key = cw_key_ref (key);
  cw_keyring_lookup_async (cw_identity_get_id (identity), cw_key_get_fingerprint (key), cancellable,
                           kept_key_found_cb, task);
}

gboolean
cw_enrolment_accept_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return cw_enrolment_finish (result, error);
}

const char *
cw_enrolment_explain_deletion (CwIdentity *identity)
{
  g_return_val_if_fail (CW_IS_IDENTITY (identity), NULL);

  if (cw_identity_get_is_authority (identity) && cw_identity_get_chain (identity))
    return _ ("The CA and its private key are deleted, also from the keyring, with the list of "
              "what it has signed. Certificates that it has signed go on working until they "
              "expire, but none of them can be renewed or revoked any more.");
  switch (cw_identity_get_state (identity, NULL))
    {
    case CW_IDENTITY_DRAFT:
      if (cw_identity_get_key_imported (identity))
        return _ ("What was entered for it and its imported private key are deleted, also from "
                  "the keyring. Without another copy of the key, nothing that was made with it "
                  "can be used any more.");
      return _ ("What was entered for it is deleted. No request has been made yet.");
    case CW_IDENTITY_WAITING:
      return _ ("The request and its private key are deleted, also from the keyring. When the CA "
                "answers, its certificate cannot be used any more.");
    case CW_IDENTITY_READY:
    case CW_IDENTITY_EXPIRING:
    case CW_IDENTITY_EXPIRED:
    case CW_IDENTITY_REVOKED:
    case CW_IDENTITY_REPLACED:
      break;
    }
  return _ ("The certificate and its private key are deleted, also from the keyring. Where they "
            "were pasted they go on working, but they cannot be copied from here again.");
}

void
cw_enrolment_delete_async (CwStore *store,
                           CwIdentity *identity,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  task = cw_enrolment_new_task (store, identity, cancellable, callback, user_data,
                                cw_enrolment_delete_async);
  if (!cw_enrolment_begin (task))
    return;
  if (is_key_nowhere (identity))
    {
      remove_identity (task);
      return;
    }

  /* Tries whether the store can be written, while the key can still be kept. */
  cw_store_try_write_async (store, cancellable, delete_tried_cb, task);
}

gboolean
cw_enrolment_delete_finish (CwStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return cw_enrolment_finish (result, error);
}
