/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * cw_file_replace:
 * @path: where to; an existing file is replaced as a whole or not at all
 * @secret: whether only its owner may read it (mode 0600), whatever stood there
 * @error: #GFileError
 *
 * Writes @content durably. Blocks until it is on the disk.
 */
gboolean cw_file_replace (const char *path, GBytes *content, gboolean secret, GError **error);

/**
 * cw_file_save:
 * @file: where to; an existing file is replaced as a whole or not at all
 * @content: what to write
 * @secret: whether only its owner may read it (mode 0600); then it must be a local file
 * @error: %CW_ERROR_FAILED with a sentence that names the file and the reason
 *
 * Writes @content; what is secret, durably. Blocks until that is done: call it in
 * a thread.
 */
gboolean cw_file_save (GFile *file, GBytes *content, gboolean secret, GError **error);

/**
 * cw_file_find_outside:
 * @path: absolute
 *
 * In a sandbox the document portal lends what a person has chosen. Finds where
 * that really is; everything else is where @path says.
 *
 * Returns: (transfer full) (nullable) (type filename): %NULL if the portal does
 *   not say, which it does from xdg-desktop-portal 1.20 on
 */
char *cw_file_find_outside (const char *path);

/**
 * cw_file_get_shown_name:
 *
 * Returns: (transfer full): what a person knows @file by: where it is, or its
 *   name alone where only the portal knows that
 */
char *cw_file_get_shown_name (GFile *file);

G_END_DECLS
