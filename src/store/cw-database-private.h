/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A database's file, its schema and SQLite's errors, for what reads and writes rows.
 */

#pragma once

#include <sqlite3.h>

#include "cw-database.h"

G_BEGIN_DECLS

struct _CwDatabase
{
  char *path;
  gboolean own_folder;
  sqlite3 *db;
  int data_version; /* when it was last asked for; 0 before */
  gboolean opened;  /* once; it can be opened again after that failed */

  /* Of the work being done. */
  GCancellable *cancellable;
  gint64 busy_since;
};

typedef sqlite3_stmt CwStatement;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwStatement, sqlite3_finalize)

/* Both do nothing if there is nothing to do. */
gboolean cw_database_connect (CwDatabase *self, GError **error);
void cw_database_disconnect (CwDatabase *self);

/* Connects again, since a file that could only be read when it was opened may have
 * become writable. */
gboolean cw_database_ensure_writable (CwDatabase *self, GError **error);

/* Comes first in each piece of work. */
gboolean cw_database_begin_work (CwDatabase *self, GCancellable *cancellable, GError **error);

gboolean cw_database_execute (CwDatabase *self, const char *sql, GError **error);
CwStatement *cw_database_prepare (CwDatabase *self, const char *sql, GError **error);

/* The schema's. */
gboolean cw_database_get_version (CwDatabase *self, guint *version, GError **error);

/**
 * cw_database_set_error:
 *
 * Sets #CwStoreError from SQLite's latest error, and closes a transaction that
 * failed half-way.
 *
 * Returns: %FALSE
 */
gboolean cw_database_set_error (CwDatabase *self, GError **error);

/* For what SQLite finds no fault with. */
void cw_database_set_damaged (CwDatabase *self, GError **error);

G_END_DECLS
