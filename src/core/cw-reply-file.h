/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to cw-reply: reading a file, or the files of a folder, that somebody brought.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The name to show for @file; (transfer full). */
char *cw_reply_file_get_name (GFile *file);

/**
 * cw_reply_file_read:
 * @limit: the most bytes that are read
 * @error: %CW_ERROR_NOT_A_FILE, %CW_ERROR_TOO_LARGE, %CW_ERROR_EMPTY, or
 *   %G_IO_ERROR with a sentence of ours
 *
 * Never blocks on a FIFO, a device or a socket.
 *
 * Returns: (transfer full) (nullable): its content, wiped when it is freed
 */
GBytes *cw_reply_file_read (GFile *file, gsize limit, GCancellable *cancellable, GError **error);

/* The same from an open descriptor up to its end; it stays open. */
GBytes *cw_reply_fd_read (int fd, gsize limit, GCancellable *cancellable, GError **error);

gboolean cw_reply_file_is_folder (GFile *file);

/* How many files a folder may have, with those in it. */
#define CW_REPLY_FOLDER_MAX 1000

/**
 * cw_reply_folder_list:
 * @error: of the first folder that could not be read whole: %G_IO_ERROR with a
 *   sentence of ours, or %CW_ERROR_TOO_LARGE; the rest is listed all the same
 *
 * Returns: (transfer full) (element-type GFile): the files in @folder and in
 *   those below it, by their names; hidden ones, and folders behind links, are
 *   left out
 */
GPtrArray *cw_reply_folder_list (GFile *folder, GCancellable *cancellable, GError **error);

/* The name of @file to show, from @folder on; (transfer full). */
char *cw_reply_folder_get_path (GFile *folder, GFile *file);

G_END_DECLS
