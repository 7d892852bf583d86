/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "cw-secret.h"

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
 * cw_file_save_private:
 * @file: where to; an existing file is replaced as a whole or not at all
 * @text: what to write
 * @error: %CW_ERROR_FAILED with a sentence that names the file and the reason
 *
 * Writes @text so that only its owner can read it (mode 0600), durably. Blocks
 * until it is on the disk: call it in a thread.
 */
gboolean cw_file_save_private (GFile *file, CwSecret *text, GError **error);

G_END_DECLS
