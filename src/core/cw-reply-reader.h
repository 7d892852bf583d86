/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to cw-reply: takes what a person brought apart, into items.
 */

#pragma once

#include "cw-reply-item-private.h"

G_BEGIN_DECLS

/**
 * CwReplyReader:
 * @items: (element-type CwReplyItem): what was found
 * @known: (element-type GBytes): contents that are listed already, here or in
 *   the reply; each is listed once
 * @passphrase: (nullable): one that was given before, tried on what is encrypted
 * @cancellable: (nullable): looked at between blocks
 * @n_found: how much was recognised, also what was known already
 * @n_useless_pieces: how much could not be read, or is recognised and of no use
 * @n_useless_files: those of folders and archives with nothing in them
 * @depth: how many archives and layers of base64 deep it is reading
 * @budget: how many bytes may still be unpacked
 *
 * One piece of reading. Only @known and @items outlive it.
 */
typedef struct
{
  GPtrArray *items;
  GHashTable *known;
  CwSecret *passphrase;
  GCancellable *cancellable;
  guint n_found;
  guint n_useless_pieces;
  guint n_useless_files;
  guint depth;
  gsize budget;
} CwReplyReader;

/**
 * cw_reply_reader_read_bytes:
 * @name: what to call them
 *
 * Whatever is in @bytes; if that is nothing, an item says so.
 */
void cw_reply_reader_read_bytes (CwReplyReader *self, GBytes *bytes, const char *name);

/**
 * cw_reply_reader_read_file:
 *
 * The same for a file, or for all that is in a folder.
 */
void cw_reply_reader_read_file (CwReplyReader *self, GFile *file);

/**
 * cw_reply_reader_end:
 *
 * To be called last: sums up what was too much to be listed.
 */
void cw_reply_reader_end (CwReplyReader *self);

/**
 * cw_reply_reader_unlock:
 * @item: of the kind %CW_REPLY_KIND_LOCKED
 * @error: %CW_ERROR_PASSPHRASE_WRONG, or why no passphrase will do
 *
 * What is in @item, if @passphrase opens it.
 */
gboolean cw_reply_reader_unlock (CwReplyReader *self,
                                 CwReplyItem *item,
                                 CwSecret *passphrase,
                                 GError **error);

/**
 * cw_reply_reader_add_error:
 * @error: (transfer full): why @place cannot be read
 */
void cw_reply_reader_add_error (CwReplyReader *self, const CwReplyPlace *place, GError *error);

G_END_DECLS
