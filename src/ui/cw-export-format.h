/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-identity.h"
#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwExportFormat:
 * @title: to be translated
 * @description: to be translated
 * @extension: how the file's name ends
 * @has_key: whether the private key is in it; then a passphrase protects it
 * @has_chain: whether the certificates are in it
 * @weak: whether it is encrypted weakly
 * @write: (nullable): what is to be saved; blocks for a tenth of a second
 *
 * A kind of file that a certificate, or its key, is exported as.
 */
typedef struct
{
  const char *title;
  const char *description;
  const char *extension;
  gboolean has_key;
  gboolean has_chain;
  gboolean weak;
  CwSecret *(*write) (CwSecret *key,
                      CwChain *chain,
                      gboolean with_root,
                      const char *name,
                      CwSecret *passphrase,
                      GError **error);
} CwExportFormat;

/**
 * cw_export_formats_get:
 *
 * Returns: (transfer none): all of them, the recommended one first, up to the one
 *   without a title
 */
const CwExportFormat *cw_export_formats_get (void);

/**
 * cw_export_format_fits:
 *
 * Returns: whether @identity has what @self is made of
 */
gboolean cw_export_format_fits (const CwExportFormat *self, CwIdentity *identity);

/**
 * cw_export_format_save_async:
 * @self: one that has the key
 * @identity: whose it is; later changes of it are of no account
 * @key: its private key, PEM
 * @passphrase: for the file
 * @with_root: whether a root at the chain's end is written too
 * @file: where to; replaced if it is there, as the file dialog has asked about that
 *
 * Writes it in a thread, so that only its owner can read it. Cannot be cancelled.
 */
void cw_export_format_save_async (const CwExportFormat *self,
                                  CwIdentity *identity,
                                  CwSecret *key,
                                  CwSecret *passphrase,
                                  gboolean with_root,
                                  GFile *file,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

/**
 * cw_export_format_save_finish:
 * @error: as of cw-export.h and cw_file_save_private()
 */
gboolean cw_export_format_save_finish (GAsyncResult *result, GError **error);

G_END_DECLS
