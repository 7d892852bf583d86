/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The SQLite side of CwStore: a plain struct, used in one thread at a time.
 * Private to the store.
 */

#pragma once

#include "cw-identity-private.h"

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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwDatabase, cw_database_free)

G_END_DECLS
