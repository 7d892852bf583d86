/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <openssl/crypto.h>

#include "cw-wiped-buffer.h"

static void
free_bytes (gpointer user_data)
{
  CwWipedBuffer *buffer = user_data;
  cw_wiped_buffer_clear (buffer);
  g_free (buffer);
}

void
cw_wiped_buffer_reserve (CwWipedBuffer *self, gsize capacity)
{
  g_return_if_fail (self != NULL);

  if (capacity <= self->capacity)
    return;
  CwWipedBuffer next = { .data = g_malloc (capacity), .size = self->size, .capacity = capacity };
  if (self->size > 0)
    memcpy (next.data, self->data, self->size);
  cw_wiped_buffer_clear (self);
  *self = next;
}

GBytes *
cw_wiped_buffer_end (CwWipedBuffer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  CwWipedBuffer *kept = g_new (CwWipedBuffer, 1);
  *kept = *self;
  *self = (CwWipedBuffer){ 0 };
  return g_bytes_new_with_free_func (kept->data, kept->size, free_bytes, kept);
}

void
cw_wiped_buffer_clear (CwWipedBuffer *self)
{
  g_return_if_fail (self != NULL);

  if (self->data != NULL)
    OPENSSL_cleanse (self->data, self->capacity);
  g_clear_pointer (&self->data, g_free);
  *self = (CwWipedBuffer){ 0 };
}
