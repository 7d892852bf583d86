/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a command writes what it made: a file, or standard output.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CwDestination:
 * @path: (nullable): a file; "-" or %NULL for standard output
 * @force: whether a file that exists may be replaced
 * @secret: whether only its owner may read it: mode 0600 from the first byte
 */
typedef struct
{
  const char *path;
  gboolean force;
  gboolean secret;
} CwDestination;

/**
 * cw_destination_check:
 * @error: %CW_ERROR_FAILED, %CW_ERROR_INVALID
 *
 * Whether it may be written, before anything is made for it.
 */
gboolean cw_destination_check (const CwDestination *self, GError **error);

/**
 * cw_destination_write:
 *
 * Writes all of @bytes, or leaves the file as it was. Without @force a file
 * that has come into being meanwhile is not replaced either.
 */
gboolean cw_destination_write (const CwDestination *self, GBytes *bytes, GError **error);

/**
 * cw_destination_write_text:
 * @text: (transfer full): what to write
 *
 * The same with text.
 */
gboolean cw_destination_write_text (const CwDestination *self, char *text, GError **error);

gboolean cw_destination_is_stdout (const CwDestination *self);

G_END_DECLS
