/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The SQLite side of CwStore: a plain struct, used in one thread at a time.
 * Private to the store.
 */

#pragma once

#include "cw-identity-row.h"
#include "cw-issued-private.h"

G_BEGIN_DECLS

typedef struct _CwDatabase CwDatabase;

/**
 * cw_database_new:
 * @path: an absolute path
 * @own_folder: whether the folder is Certwright's alone, and so made private
 *   when others may look into it
 */
CwDatabase *cw_database_new (const char *path, gboolean own_folder);
void cw_database_free (CwDatabase *self);

/**
 * cw_database_open:
 *
 * Makes folder and file, and brings the schema up to date. Does nothing if it
 * is open. A file that cannot be written opens for reading.
 */
gboolean cw_database_open (CwDatabase *self, GCancellable *cancellable, GError **error);

/* (transfer full) (element-type CwIdentityRow): all rows, the oldest first */
GPtrArray *cw_database_load (CwDatabase *self, GCancellable *cancellable, GError **error);

/* Whether another program has written since this was last asked; the first time, it may have. */
gboolean cw_database_has_changed (CwDatabase *self, GCancellable *cancellable);

gboolean cw_database_save (CwDatabase *self,
                           const CwIdentityRow *row,
                           GCancellable *cancellable,
                           GError **error);

gboolean
cw_database_remove (CwDatabase *self, const char *id, GCancellable *cancellable, GError **error);

/**
 * cw_database_try_write:
 *
 * Writes what is there already, to find out whether a change would succeed.
 */
gboolean cw_database_try_write (CwDatabase *self, GCancellable *cancellable, GError **error);

/* (transfer full) (element-type CwIssuedRow): the latest first */
GPtrArray *cw_database_load_issued (CwDatabase *self,
                                    const char *authority_id,
                                    GCancellable *cancellable,
                                    GError **error);

/**
 * cw_database_find_revocation:
 * @revoked_at: (out): when a CA revoked it whose record is here; 0 if none has
 */
gboolean cw_database_find_revocation (CwDatabase *self,
                                      CwCertificate *certificate,
                                      gint64 *revoked_at,
                                      GCancellable *cancellable,
                                      GError **error);

/**
 * cw_database_issue:
 * @answered: (nullable): the identity that the certificate is for, with it
 * @error: %CW_STORE_ERROR_REMOVED if @answered was deleted, %CW_ERROR_INVALID if
 *   it was answered since it was loaded
 *
 * Records what a CA has signed, and saves @answered, in one transaction: both
 * or nothing.
 */
gboolean cw_database_issue (CwDatabase *self,
                            const CwIssuedRow *issued,
                            const CwIdentityRow *answered,
                            GCancellable *cancellable,
                            GError **error);

/**
 * cw_database_revoke:
 * @issued: with the moment and the reason; gets those that are stored, if it
 *   was revoked before
 *
 * Records that it is revoked, also with the identities that have the
 * certificate, in one transaction.
 */
gboolean cw_database_revoke (CwDatabase *self,
                             CwIssuedRow *issued,
                             GCancellable *cancellable,
                             GError **error);

/**
 * cw_database_begin_crl:
 * @number: (out): the number of the next list, which no other will get
 *
 * Returns: as cw_database_load_issued(), in the same transaction
 */
GPtrArray *cw_database_begin_crl (CwDatabase *self,
                                  const char *authority_id,
                                  guint64 *number,
                                  GCancellable *cancellable,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwDatabase, cw_database_free)

G_END_DECLS
