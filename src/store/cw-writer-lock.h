/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CwWriterLock:
 *
 * What makes all of Certwright's writers to the keyring take turns, be they in
 * one process or in several: flock(2) on $XDG_DATA_HOME/certwright/keyring.lock.
 * The system releases it when a process ends, however it ends.
 */
typedef struct _CwWriterLock CwWriterLock;

/**
 * cw_writer_lock_new:
 * @patience_ms: for how long to wait for another writer
 * @error: %CW_KEYRING_ERROR_BUSY when that time is over, %G_IO_ERROR_CANCELLED,
 *   %CW_KEYRING_ERROR_FAILED if the file cannot be made or locked
 *
 * Blocks: call it in a thread.
 *
 * Returns: (transfer full) (nullable): the lock, held until it is freed
 */
CwWriterLock *cw_writer_lock_new (guint patience_ms, GCancellable *cancellable, GError **error);
void cw_writer_lock_free (CwWriterLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwWriterLock, cw_writer_lock_free)

G_END_DECLS
