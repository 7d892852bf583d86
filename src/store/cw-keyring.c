/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each call goes the same way: a thread finds out what libsecret cannot say
 * (is it there, does it answer, is it locked), has it unlocked, and takes the
 * writers' lock; then libsecret does the work in the main loop; then, after a
 * store, the key is read back. A call that was cancelled has answered already,
 * and goes on only as far as it must.
 */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "cw-keyring-private.h"
#include "cw-secret-service.h"
#include "cw-writer-lock.h"

#define LOCK_PATIENCE_MS 30000

typedef enum
{
  VERB_STORE,
  VERB_LOOKUP,
  VERB_CLEAR,
  VERB_DESCRIBE,
} Verb;

typedef struct
{
  Verb verb;
  char *identity;
  char *key_fingerprint;
  char *label;
  CwSecret *pem;
  GCancellable *cancellable;

  GTask *task; /* NULL once it has been answered */
  GSource *cancelled;
  gboolean retried;
  gboolean stored; /* the keyring has said so */

  /* What the thread finds out. */
  gboolean uses_file;
  gboolean missing; /* there was nothing to clear when it was looked for */
  gboolean locked;
  char *owner;
  char *name;
  CwWriterLock *lock;
} Call;

/*
 * The name is not matched: the schema of an item that is still locked since the
 * service started reads as a generic one, so that it would not be found, and
 * not even be asked to unlock.
 */
static const SecretSchema key_schema = {
  "io.github.certwright.Key",
  SECRET_SCHEMA_DONT_MATCH_NAME,
  {
      { CW_KEYRING_IDENTITY, SECRET_SCHEMA_ATTRIBUTE_STRING },
      { CW_KEYRING_SPKI_SHA256, SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

/* The same without that flag, which alone lets a search be for everything in the file. */
static const SecretSchema any_schema = {
  "io.github.certwright.Key",
  SECRET_SCHEMA_NONE,
  { { NULL, 0 } },
};

static void call_begin (Call *call);

static void
call_free (Call *call)
{
  if (call->cancelled != NULL)
    g_source_destroy (call->cancelled);
  g_clear_pointer (&call->cancelled, g_source_unref);
  g_clear_pointer (&call->lock, cw_writer_lock_free);
  g_clear_pointer (&call->pem, cw_secret_unref);
  g_clear_object (&call->cancellable);
  g_clear_object (&call->task);
  g_free (call->identity);
  g_free (call->key_fingerprint);
  g_free (call->label);
  g_free (call->owner);
  g_free (call->name);
  g_free (call);
}

/*
 * Ends the call, and with it the lock: the next to write need not wait for what
 * the caller's callback does.
 *
 * Returns: (nullable): what is still to be answered
 */
static GTask *
call_end (Call *call)
{
  GTask *task = g_steal_pointer (&call->task);

  call_free (call);
  return task;
}

static void
call_return_error (Call *call, GError *error)
{
  const gboolean stored = call->stored;
  const gboolean uses_file = call->uses_file;
  g_autoptr (GTask) task = call_end (call);
  g_autoptr (GError) given = error;

  if (task == NULL)
    return;

  /* What libsecret makes of a portal that gives no password, since its own keyring is locked. */
  if (uses_file && g_error_matches (given, G_IO_ERROR, G_IO_ERROR_FAILED))
    {
      g_clear_error (&given);
      given = cw_keyring_error_new (CW_KEYRING_ERROR_LOCKED);
    }
  given = cw_keyring_error_translate (g_steal_pointer (&given));
  if (stored) /* whatever kept it from being read back: it may well be there */
    given->code = CW_KEYRING_ERROR_READ_BACK;
  g_task_return_error (task, g_steal_pointer (&given));
}

static void
call_return_pointer (Call *call, gpointer result, GDestroyNotify destroy)
{
  g_autoptr (GTask) task = call_end (call);

  if (task != NULL)
    g_task_return_pointer (task, result, destroy);
  else
    destroy (result);
}

static void
call_return_true (Call *call)
{
  g_autoptr (GTask) task = call_end (call);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

/* Answers the caller at once; what is under way ends by itself. */
static gboolean
call_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&call->task);

  if (task != NULL)
    g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

/* libsecret keeps what it knows of a service; one that was restarted is another. */
static void
forget_other_service (const char *owner)
{
  static char *known = NULL;

  if (g_strcmp0 (known, owner) == 0)
    return;
  secret_service_disconnect ();
  g_free (known);
  known = g_strdup (owner);
}

static void
call_retry (Call *call)
{
  call->retried = TRUE;
  call->missing = FALSE;
  g_clear_pointer (&call->lock, cw_writer_lock_free);
  g_clear_pointer (&call->owner, g_free);
  forget_other_service (NULL);
  call_begin (call);
}

/*
 * libsecret found nothing. The thread had seen the item in an unlocked keyring,
 * so it is looked at again: it may be locked, or gone, by now.
 */
static void
call_retry_missing (Call *call)
{
  if (call->retried)
    call_return_error (call, cw_keyring_error_new (CW_KEYRING_ERROR_LOCKED));
  else
    call_retry (call);
}

static void
file_searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (GError) error = NULL;
  GList *items = secret_password_search_finish (result, &error);

  g_list_free_full (items, g_object_unref);
  if (error != NULL)
    call_return_error (
        call, g_error_new_literal (CW_KEYRING_ERROR, CW_KEYRING_ERROR_LOCKED,
                                   _ ("The keyring’s file cannot be opened with the password that "
                                      "this desktop keeps for it. Log in as you did when the key "
                                      "was made, then try again.")));
  else if (call->verb == VERB_CLEAR)
    call_return_true (call);
  else
    call_return_error (call, cw_keyring_error_new (CW_KEYRING_ERROR_NOT_FOUND));
}

static void
call_conclude_missing (Call *call)
{
  /*
   * With a wrong password libsecret's file looks as if nothing were in it; but
   * then what is in it cannot be decrypted.
   */
  if (call->uses_file)
    secret_password_search (&any_schema, SECRET_SEARCH_ALL, NULL, file_searched_cb, call, NULL);
  else
    call_retry_missing (call);
}

/* Takes libsecret's text, which lies in memory that is never swapped out. */
static CwSecret *
take_password (char *text)
{
  CwSecret *secret = text != NULL ? cw_secret_new (text, -1) : NULL;

  secret_password_free (text);
  return secret;
}

static void
call_fail_or_retry (Call *call, GError *error)
{
  if (call->task != NULL && !call->retried && cw_keyring_error_is_restart (error))
    {
      g_error_free (error);
      call_retry (call);
    }
  else
    call_return_error (call, error);
}

static void
read_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  GError *error = NULL;
  g_autoptr (CwSecret) found =
      take_password (secret_password_lookup_nonpageable_finish (result, &error));

  if (error != NULL)
    call_fail_or_retry (call, error);
  else if (found == NULL || !cw_secret_equal (found, call->pem))
    call_return_error (call, cw_keyring_error_new (CW_KEYRING_ERROR_READ_BACK));
  else
    call_return_true (call);
}

static void
call_lookup (Call *call, GAsyncReadyCallback callback)
{
  secret_password_lookup (&key_schema, NULL, callback, call, CW_KEYRING_IDENTITY, call->identity,
                          CW_KEYRING_SPKI_SHA256, call->key_fingerprint, NULL);
}

/*
 * Where no keyring has been made yet, libsecret asks for one to be made; if that
 * is declined, it goes on with the keyring that is not there.
 */
static GError *
explain_store_error (GError *error)
{
  if (!g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) &&
      !g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT))
    return error;
  g_error_free (error);
  return g_error_new_literal (CW_KEYRING_ERROR, CW_KEYRING_ERROR_DISMISSED,
                              _ ("There is no keyring yet, and the question for a new one’s "
                                 "password was closed. Try again, and choose a password for the "
                                 "keyring when it is asked for."));
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  GError *error = NULL;

  if (!secret_password_store_finish (result, &error))
    {
      call_fail_or_retry (call, explain_store_error (error));
      return;
    }
  call->stored = TRUE;
  /* What is read back is the file, not what libsecret remembers of it. */
  if (call->uses_file)
    secret_service_disconnect ();
  if (call->task == NULL)
    call_free (call);
  else
    call_lookup (call, read_back_cb);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  GError *error = NULL;
  CwSecret *found = take_password (secret_password_lookup_nonpageable_finish (result, &error));

  if (error != NULL)
    call_fail_or_retry (call, error);
  else if (found == NULL)
    call_conclude_missing (call);
  else
    call_return_pointer (call, found, (GDestroyNotify) cw_secret_unref);
}

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  GError *error = NULL;
  gboolean removed = secret_password_clear_finish (result, &error);

  if (error != NULL)
    call_fail_or_retry (call, error);
  else if (removed || call->missing)
    call_return_true (call);
  else
    call_conclude_missing (call);
}

static void
call_work (Call *call)
{
  switch (call->verb)
    {
    case VERB_STORE:
      secret_password_store (&key_schema, SECRET_COLLECTION_DEFAULT, call->label,
                             cw_secret_peek (call->pem), NULL, stored_cb, call, CW_KEYRING_IDENTITY,
                             call->identity, CW_KEYRING_SPKI_SHA256, call->key_fingerprint, NULL);
      break;
    case VERB_LOOKUP:
      call_lookup (call, looked_up_cb);
      break;
    case VERB_CLEAR:
      /* Also if it was missing: that was before the lock, and a store may have been under way. */
      secret_password_clear (&key_schema, NULL, cleared_cb, call, CW_KEYRING_IDENTITY,
                             call->identity, CW_KEYRING_SPKI_SHA256, call->key_fingerprint, NULL);
      break;
    case VERB_DESCRIBE:
      g_task_set_task_data (call->task, GINT_TO_POINTER (call->locked), NULL);
      call_return_pointer (call, g_steal_pointer (&call->name), g_free);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      call_return_error (call, error);
      return;
    }
  /* Nothing has been written yet, so a call that was cancelled can end here. */
  if (call->task == NULL)
    {
      call_free (call);
      return;
    }
  /* In 0.20 libsecret does not see what another process wrote to its file. */
  if (call->uses_file)
    secret_service_disconnect ();
  else
    forget_other_service (call->owner);
  call_work (call);
}

static gboolean
prepare_service (Call *call, GError **error)
{
  g_autoptr (CwSecretService) service = cw_secret_service_new (error);
  g_autoptr (GError) local_error = NULL;

  if (service == NULL)
    return FALSE;
  call->owner = g_strdup (cw_secret_service_get_owner (service));
  if (call->verb == VERB_DESCRIBE)
    {
      call->name = cw_secret_service_describe (service, &call->locked, error);
      return call->name != NULL;
    }
  if (call->verb == VERB_STORE)
    return cw_secret_service_unlock_default (service, error);
  if (cw_secret_service_unlock_item (service, call->identity, call->key_fingerprint, &local_error))
    return TRUE;
  call->missing = call->verb == VERB_CLEAR &&
                  g_error_matches (local_error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_NOT_FOUND);
  if (!call->missing)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return call->missing;
}

static gboolean
prepare_lock (Call *call, GError **error)
{
  if (call->verb == VERB_STORE || call->verb == VERB_CLEAR)
    call->lock = cw_writer_lock_new (LOCK_PATIENCE_MS, call->cancellable, error);
  else
    return TRUE;
  return call->lock != NULL;
}

static gboolean
prepare_file (Call *call, GError **error)
{
  if (call->verb == VERB_DESCRIBE)
    call->name = g_strdup (_ ("Certwright’s own encrypted file"));
  return cw_keyring_file_check (error);
}

/* The lock comes after the prompt, so that nobody else waits for this person. */
static void
prepare_thread (GTask *worker, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Call *call = task_data;
  GError *error = NULL;

  call->uses_file = cw_keyring_file_is_used ();
  if ((call->uses_file || prepare_service (call, &error)) && prepare_lock (call, &error) &&
      (!call->uses_file || prepare_file (call, &error)))
    g_task_return_boolean (worker, TRUE);
  else
    g_task_return_error (worker, error);
}

static void
call_begin (Call *call)
{
  g_autoptr (GTask) worker = g_task_new (NULL, NULL, prepared_cb, call);

  g_task_set_source_tag (worker, call_begin);
  g_task_set_task_data (worker, call, NULL);
  g_task_run_in_thread (worker, prepare_thread);
}

static Call *
call_new (Verb verb,
          const char *identity,
          const char *key_fingerprint,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data,
          gpointer tag)
{
  Call *call = g_new0 (Call, 1);

  call->verb = verb;
  call->identity = g_strdup (identity);
  call->key_fingerprint = g_strdup (key_fingerprint);
  call->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (call->task, tag);
  if (cancellable != NULL)
    {
      call->cancellable = g_object_ref (cancellable);
      call->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (call->cancelled, G_SOURCE_FUNC (call_cancelled_cb), call, NULL);
      g_source_attach (call->cancelled, g_task_get_context (call->task));
    }
  return call;
}

void
cw_keyring_store_async (const char *identity,
                        const char *key_fingerprint,
                        const char *label,
                        CwSecret *pem,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Call *call;

  g_return_if_fail (identity != NULL);
  g_return_if_fail (key_fingerprint != NULL);
  g_return_if_fail (label != NULL);
  g_return_if_fail (pem != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = call_new (VERB_STORE, identity, key_fingerprint, cancellable, callback, user_data,
                   cw_keyring_store_async);
  call->label = g_strdup (label);
  call->pem = cw_secret_ref (pem);
  call_begin (call);
}

gboolean
cw_keyring_store_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cw_keyring_store_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_keyring_lookup_async (const char *identity,
                         const char *key_fingerprint,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (identity != NULL);
  g_return_if_fail (key_fingerprint != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call_begin (call_new (VERB_LOOKUP, identity, key_fingerprint, cancellable, callback, user_data,
                        cw_keyring_lookup_async));
}

CwSecret *
cw_keyring_lookup_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cw_keyring_lookup_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cw_keyring_clear_async (const char *identity,
                        const char *key_fingerprint,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (identity != NULL);
  g_return_if_fail (key_fingerprint != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call_begin (call_new (VERB_CLEAR, identity, key_fingerprint, cancellable, callback, user_data,
                        cw_keyring_clear_async));
}

gboolean
cw_keyring_clear_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cw_keyring_clear_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_keyring_describe_async (GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call_begin (call_new (VERB_DESCRIBE, NULL, NULL, cancellable, callback, user_data,
                        cw_keyring_describe_async));
}

char *
cw_keyring_describe_finish (GAsyncResult *result, gboolean *locked, GError **error)
{
  char *name;

  g_return_val_if_fail (g_async_result_is_tagged (result, cw_keyring_describe_async), NULL);

  name = g_task_propagate_pointer (G_TASK (result), error);
  if (name != NULL && locked != NULL)
    *locked = GPOINTER_TO_INT (g_task_get_task_data (G_TASK (result)));
  return name;
}
