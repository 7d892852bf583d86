/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between CwStore and the enrolment.
 */

#pragma once

#include "cw-identity-private.h"
#include "cw-issued-private.h"
#include "cw-store.h"

G_BEGIN_DECLS

/**
 * cw_store_save_changes_async:
 * @changes: (transfer full) (nullable): as for cw_identity_row_merge()
 * @listed: whether a new identity appears in the list when it is saved
 *
 * Saves the identity with @changes, and only then applies them to it: nobody
 * sees a change that is not saved. A save of the same identity that is asked
 * for in the meantime keeps them. Ends with cw_store_save_finish(); an error
 * means that nothing was saved, also when it was cancelled.
 */
void cw_store_save_changes_async (CwStore *self,
                                  CwIdentity *identity,
                                  CwIdentityRow *changes,
                                  gboolean listed,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

/**
 * cw_store_issue_async:
 * @issued: (transfer full): what a CA has signed
 * @answered: (nullable): the identity that it is for
 * @changes: (transfer full) (nullable): of @answered
 *
 * Records what was signed, and saves @answered as cw_store_save_changes_async()
 * does, in one transaction. Ends with cw_store_save_finish().
 */
void cw_store_issue_async (CwStore *self,
                           CwIssuedRow *issued,
                           CwIdentity *answered,
                           CwIdentityRow *changes,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/* Saves that it is revoked, then says so in it and in the identity that has it. Ends with
 * cw_store_save_finish(). */
void cw_store_revoke_async (CwStore *self,
                            CwIssued *issued,
                            CwRevocationReason reason,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/**
 * cw_store_begin_crl_async:
 *
 * Takes the next number for a revocation list, durably.
 *
 * Returns (finish): (transfer full) (element-type CwIssuedRow): all that
 *   @authority has signed, as of that moment
 */
void cw_store_begin_crl_async (CwStore *self,
                               CwIdentity *authority,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GPtrArray *
cw_store_begin_crl_finish (CwStore *self, GAsyncResult *result, guint64 *number, GError **error);

/**
 * cw_store_try_write_async:
 *
 * Whether something could be saved now; nothing is changed. Ends with
 * cw_store_save_finish().
 */
void cw_store_try_write_async (CwStore *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

G_END_DECLS
