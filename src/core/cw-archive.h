/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: the files in an archive (ZIP, tar, compressed tar).
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How many files one archive may hold. */
#define CW_ARCHIVE_MAX_FILES 1000

/* Whether @data begins as such an archive does. */
gboolean cw_archive_sniff (const guint8 *data, gsize size);

/**
 * CwArchiveFunc:
 * @name: of the file, with its folders
 * @content: (nullable): wiped when it is freed; %NULL if it could not be read
 * @error: (nullable): why
 */
typedef void (*CwArchiveFunc) (const char *name,
                               GBytes *content,
                               const GError *error,
                               gpointer user_data);

/**
 * cw_archive_read:
 * @budget: (inout): how many bytes may be unpacked, so that a small file cannot
 *   fill the memory; what was unpacked is taken off
 * @func: called for each file, in the archive's order; what file managers add
 *   of their own (__MACOSX, hidden files) is left out
 * @error: %CW_ERROR_UNREADABLE if it is damaged, %CW_ERROR_TOO_LARGE if it has
 *   more than %CW_ARCHIVE_MAX_FILES files or unpacks to more than
 *   @budget; what came before has been given to @func
 *
 * Unpacks @bytes in memory.
 */
gboolean cw_archive_read (GBytes *bytes,
                          gsize *budget,
                          CwArchiveFunc func,
                          gpointer user_data,
                          GCancellable *cancellable,
                          GError **error);

G_END_DECLS
