/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store and the keyring that the window uses too, for a program that does
 * one thing and waits for it.
 */

#pragma once

#include "cw-enrolment.h"
#include "cw-profile.h"
#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwWait:
 *
 * Waits for one asynchronous call: pass cw_wait_cb() and the address of one
 * that is all zero, then give cw_wait_for() to the call's finish function.
 */
typedef struct
{
  GAsyncResult *result;
} CwWait;

void cw_wait_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* (transfer none): runs the main loop until the call has ended */
GAsyncResult *cw_wait_for (CwWait *self);

void cw_wait_clear (CwWait *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CwWait, cw_wait_clear)

/**
 * cw_session_open_store:
 * @create: whether a database is made if there is none; without, the store is
 *   then empty
 *
 * Returns: (transfer full) (nullable): to be ended with cw_session_close_store()
 */
CwStore *cw_session_open_store (gboolean create, GError **error);

/**
 * cw_session_close_store:
 * @store: (transfer full)
 *
 * Waits for what is still being done behind the caller's back: a key that is
 * taken out of the keyring again after an import that failed.
 */
void cw_session_close_store (CwStore *store);

typedef CwStore CwOpenStore;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwOpenStore, cw_session_close_store)

/**
 * cw_session_find_identity:
 * @name: an id, the beginning of one, or a title
 * @error: wrong use, if it is none of these or several; then they are listed
 *
 * Returns: (transfer none) (nullable): the identity
 */
CwIdentity *cw_session_find_identity (CwStore *store, const char *name, GError **error);

/* cw_enrolment_request_async() and those of its kind, and their ends. */
typedef void (*CwEnrolmentStart) (CwStore *store,
                                  CwIdentity *identity,
                                  CwEnrolmentProgress progress,
                                  gpointer progress_data,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
typedef gboolean (*CwEnrolmentFinish) (CwStore *store, GAsyncResult *result, GError **error);

/**
 * cw_session_enrol:
 *
 * Makes of a new draft what @start makes. After an error the draft is gone.
 */
gboolean cw_session_enrol (CwStore *store,
                           CwIdentity *identity,
                           CwEnrolmentStart start,
                           CwEnrolmentFinish finish,
                           GError **error);

/**
 * cw_session_lookup_key:
 * @error: %CW_KEYRING_ERROR, or %CW_ERROR_FAILED if the identity has no key
 *
 * Returns: (transfer full) (nullable): its private key, PKCS#8 PEM
 */
CwSecret *cw_session_lookup_key (CwIdentity *identity, GError **error);

/**
 * cw_session_read_cas:
 * @name: the option --server-cas: a file of any form that a CA may send
 * @error: %CW_ERROR_UNREADABLE
 *
 * Returns: (transfer full) (nullable): the certificates in it, as PEM
 */
char *cw_session_read_cas (const char *name, GError **error);

/**
 * cw_session_find_profile:
 * @id: a profile's id
 * @error: wrong use, with the ids that there are
 *
 * Returns: (transfer full) (nullable): the consumer's profile
 */
CwProfile *cw_session_find_profile (const char *id, GError **error);

/**
 * cw_session_list_outputs:
 *
 * Returns: (transfer full): the ids of its outputs, for a sentence
 */
char *cw_session_list_outputs (CwProfile *profile);

/**
 * cw_session_dup_short_id:
 *
 * Returns: (transfer full): as much of the identity's id as tells it from all others
 */
char *cw_session_dup_short_id (CwStore *store, CwIdentity *identity);

G_END_DECLS
