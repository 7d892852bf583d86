/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-export.h"
#include "cw-identity.h"

G_BEGIN_DECLS

/**
 * CwExportFormat:
 * @kind: what is written
 * @title: to be translated
 * @description: to be translated
 * @extension: how the file's name ends
 *
 * A kind of file that a certificate, or its key, is exported as.
 */
typedef struct
{
  CwExportKind kind;
  const char *title;
  const char *description;
  const char *extension;
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
 * @identity: whose it is; later changes of it are of no account
 * @key: (nullable): its private key, PEM, if that is in it
 * @passphrase: (nullable): for the file, if it has one
 * @with_root: whether a root at the chain's end is written too
 * @file: where to; replaced if it is there, as the file dialog has asked about that
 *
 * Writes it in a thread; what has the key, so that only its owner can read it.
 * Cannot be cancelled.
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
 * @error: as of cw-export.h and cw_file_save()
 */
gboolean cw_export_format_save_finish (GAsyncResult *result, GError **error);

G_END_DECLS
