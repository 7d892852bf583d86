/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: bytes that may hold a private key, while nobody knows yet.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwWipedBuffer:
 * @data: what is in it
 * @size: how much of @data is used
 * @capacity: how much there is
 *
 * Grows like a #GByteArray, but leaves nothing behind when it moves or ends.
 */
typedef struct
{
  guint8 *data;
  gsize size;
  gsize capacity;
} CwWipedBuffer;

/* Makes room for @capacity bytes, if there is less. */
void cw_wiped_buffer_reserve (CwWipedBuffer *self, gsize capacity);

/* Returns (transfer full): what is in it, wiped when its last reference goes; empties it. */
GBytes *cw_wiped_buffer_end (CwWipedBuffer *self);

void cw_wiped_buffer_clear (CwWipedBuffer *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CwWipedBuffer, cw_wiped_buffer_clear)

G_END_DECLS
