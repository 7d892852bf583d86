/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to cw-reply: reading a file that somebody brought.
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

G_END_DECLS
