/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: finding PEM (RFC 7468) in any text.
 */

#pragma once

#include <gio/gio.h>

#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwPemBlock:
 * @label: (nullable): "CERTIFICATE", …
 * @line: where it begins, from 1
 * @offset: the same in bytes, of the word BEGIN
 * @der: (nullable): what its base64 says, wiped when it is freed; %NULL with @error
 * @cipher: (nullable): "AES-256-CBC,0123…": how @der is encrypted (RFC 1421)
 * @error: (nullable): %CW_ERROR_UNREADABLE
 */
typedef struct
{
  char *label;
  guint line;
  gsize offset;
  GBytes *der;
  char *cipher;
  GError *error;
} CwPemBlock;

void cw_pem_block_free (CwPemBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwPemBlock, cw_pem_block_free)

/* @block: (transfer full) */
typedef void (*CwPemFunc) (CwPemBlock *block, gpointer user_data);

/**
 * cw_pem_scan:
 * @func: called for each block, in order
 * @cancellable: (nullable): looked at between blocks
 *
 * Finds the blocks in @text, whatever is between, before and inside their
 * lines: mail's "> " and soft line breaks, indentation, quotes, HTML, "\n" as
 * two characters, any kind of line end. Beside them, or where there are none,
 * finds base64 without an armour too, as blocks without a label: of DER (in
 * XML, JSON, a mail's attachment), or of PEM or a ZIP file (in a Kubernetes
 * secret); in a text of more than 4 MiB only where there is no armour at all.
 * Takes time in proportion to @size.
 */
void cw_pem_scan (
    const char *text, gsize size, CwPemFunc func, gpointer user_data, GCancellable *cancellable);

/**
 * cw_pem_encode_key:
 * @label: as it stands between BEGIN and the dashes
 * @cipher: (nullable): as in #CwPemBlock
 *
 * Returns: (transfer full): strict PEM
 */
CwSecret *cw_pem_encode_key (const char *label, const char *cipher, GBytes *der);

G_END_DECLS
