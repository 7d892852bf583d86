/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between CwStore and the enrolment.
 */

#pragma once

#include "cw-identity-private.h"
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
