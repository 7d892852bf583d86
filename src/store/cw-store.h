/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-identity.h"
#include "cw-issued.h"

G_BEGIN_DECLS

/**
 * CW_STORE_ERROR:
 *
 * The store's error domain. Each message says what failed, on which file, and what to do.
 */
#define CW_STORE_ERROR (cw_store_error_quark ())

/**
 * CwStoreError:
 * @CW_STORE_ERROR_FAILED: anything else
 * @CW_STORE_ERROR_LOCKED: another program is writing, and did not end within 5 seconds
 * @CW_STORE_ERROR_READ_ONLY: the file, its folder or its disk cannot be written
 * @CW_STORE_ERROR_FULL: no space is left on the disk
 * @CW_STORE_ERROR_DAMAGED: the file is no database, or a broken one; it is left as it is
 * @CW_STORE_ERROR_NEWER: written by a later version of Certwright; it is left as it is
 * @CW_STORE_ERROR_REMOVED: what is to be saved has been deleted
 */
typedef enum
{
  CW_STORE_ERROR_FAILED,
  CW_STORE_ERROR_LOCKED,
  CW_STORE_ERROR_READ_ONLY,
  CW_STORE_ERROR_FULL,
  CW_STORE_ERROR_DAMAGED,
  CW_STORE_ERROR_NEWER,
  CW_STORE_ERROR_REMOVED,
} CwStoreError;

GQuark cw_store_error_quark (void);

/**
 * CwStore:
 *
 * All certificates that a person has: a list model of #CwIdentity, kept in an
 * SQLite database. It never holds a private key or a passphrase. Belongs to
 * the main thread; the database is used in one thread of its own, in the order
 * of the calls.
 */
#define CW_TYPE_STORE (cw_store_get_type ())
G_DECLARE_FINAL_TYPE (CwStore, cw_store, CW, STORE, GObject)

/**
 * cw_store_new:
 * @path: (nullable): the database's file; %NULL for
 *   $XDG_DATA_HOME/certwright/certificates.db
 */
CwStore *cw_store_new (const char *path);

const char *cw_store_get_path (CwStore *self);

/**
 * cw_store_open_async:
 *
 * Makes the folder (0700) and the file (0600) if they are not there, brings
 * the schema up to date (PRAGMA user_version) in one transaction, and loads
 * all identities. May be called again after it failed.
 */
void cw_store_open_async (CwStore *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean cw_store_open_finish (CwStore *self, GAsyncResult *result, GError **error);

/**
 * cw_store_refresh_async:
 *
 * Looks whether another program, as the command line, has written since, and
 * takes over what it did: entries that came or went; requests, certificates,
 * connection tests and revocations; what the CAs whose lists were loaded have signed. What a person
 * is changing here, and has not saved, stays as it is. Costs next to nothing if
 * nobody has written. After it failed, and while what is being saved here stood in
 * its way, the next call takes over what this one did not.
 */
void cw_store_refresh_async (CwStore *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean cw_store_refresh_finish (CwStore *self, GAsyncResult *result, GError **error);

/**
 * cw_store_save_async:
 * @identity: as it is now; later changes are not part of this call
 *
 * Inserts or updates it, durably (synchronous=EXTRA). A new one appears in the
 * list once it is saved.
 */
void cw_store_save_async (CwStore *self,
                          CwIdentity *identity,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean cw_store_save_finish (CwStore *self, GAsyncResult *result, GError **error);

/**
 * cw_store_remove_async:
 *
 * Deletes it from the database, then from the list. Its key is not touched:
 * see cw_enrolment_delete_async().
 */
void cw_store_remove_async (CwStore *self,
                            CwIdentity *identity,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean cw_store_remove_finish (CwStore *self, GAsyncResult *result, GError **error);

/**
 * cw_store_load_issued_async:
 * @authority: an identity of a private CA
 *
 * Loads what @authority has signed.
 *
 * Returns (finish): (transfer full): a list model of #CwIssued, the latest
 *   first; what is signed or revoked later appears in it
 */
void cw_store_load_issued_async (CwStore *self,
                                 CwIdentity *authority,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GListModel *cw_store_load_issued_finish (CwStore *self, GAsyncResult *result, GError **error);

/**
 * cw_store_find_revocation_async:
 *
 * Looks whether a private CA that is kept here has revoked @certificate.
 *
 * @revoked_at (finish): (out) (transfer full) (nullable): when; %NULL if none has. Left
 *   as it is on failure: then nobody knows, which is not the same.
 */
void cw_store_find_revocation_async (CwStore *self,
                                     CwCertificate *certificate,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean cw_store_find_revocation_finish (CwStore *self,
                                          GAsyncResult *result,
                                          GDateTime **revoked_at,
                                          GError **error);

CwIdentity *cw_store_find (CwStore *self, const char *id); /* (transfer none) (nullable) */

/**
 * cw_store_was_removed:
 *
 * Returns: whether what has this id was deleted, here or by another program: then it
 *   is not saved any more
 */
gboolean cw_store_was_removed (CwStore *self, const char *id);

/**
 * cw_store_find_by_key:
 *
 * Returns: (transfer none) (nullable): the identity whose key has that
 *   fingerprint; one that waits for its certificate before others
 */
CwIdentity *cw_store_find_by_key (CwStore *self, const char *key_fingerprint);

/**
 * cw_store_get_key_fingerprints:
 *
 * Returns: (transfer full): %NULL-terminated, of every identity that has a request, a
 *   certificate or an imported key, each once
 */
char **cw_store_get_key_fingerprints (CwStore *self);

G_END_DECLS
