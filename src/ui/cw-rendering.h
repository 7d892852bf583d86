/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-identity.h"
#include "cw-output-set.h"

G_BEGIN_DECLS

/**
 * CwRendering:
 *
 * One filling in of an output, or saving of what was filled in. It runs in a
 * thread: with a large file of CAs that takes its time. No task holds a widget,
 * since it may end in its thread.
 */
typedef struct _CwRendering CwRendering;

/**
 * cw_rendering_new:
 * @identity: whose key and certificate it is; has a certificate
 * @profile: the consumer
 * @output: (nullable): one of its outputs; not needed for a set
 * @key: (nullable): the private key, PEM
 *
 * Returns: (transfer full): with what @identity says now about its server
 */
CwRendering *cw_rendering_new (CwIdentity *identity,
                               CwProfile *profile,
                               const CwProfileOutput *output,
                               CwSecret *key);
void cw_rendering_free (CwRendering *self);

/**
 * cw_rendering_set_passphrase:
 * @passphrase: (nullable): for the outputs that need one
 */
void cw_rendering_set_passphrase (CwRendering *self, CwSecret *passphrase);

/**
 * cw_rendering_set_files:
 * @files: (element-type utf8 filename): where outputs were saved, as in
 *   #CwOutputValues; copied
 */
void cw_rendering_set_files (CwRendering *self, GHashTable *files);

/**
 * cw_rendering_explain_empty:
 * @output: one of the profile's outputs
 *
 * Returns: (transfer full) (nullable): why @output has nothing to say, in a
 *   sentence; %NULL if it has, be it an error that cw_rendering_run_finish() gives
 */
char *cw_rendering_explain_empty (CwRendering *self, const CwProfileOutput *output);

/**
 * cw_rendering_run_async:
 * @self: (transfer full): what to do
 *
 * Fills the output in. Cannot be cancelled: whoever does not want it any more
 * leaves the result.
 */
void cw_rendering_run_async (CwRendering *self, GAsyncReadyCallback callback, gpointer user_data);

/**
 * cw_rendering_run_finish:
 * @error: as of cw_output_render(); why there are no CAs for the server, though
 *   some were chosen
 *
 * Returns: (transfer full) (nullable): the text; %NULL without an error if it
 *   needs the private key and has none
 */
CwSecret *cw_rendering_run_finish (GAsyncResult *result, GError **error);

/**
 * cw_rendering_save_async:
 * @self: (transfer full): what to do
 * @file: where to; replaced if it is there, as the file dialog has asked about that
 *
 * Fills the output in and saves it so that only its owner can read it.
 */
void cw_rendering_save_async (CwRendering *self,
                              GFile *file,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/**
 * cw_rendering_save_finish:
 * @error: as of cw_rendering_run_finish() and cw_file_save()
 */
gboolean cw_rendering_save_finish (GAsyncResult *result, GError **error);

/**
 * cw_rendering_save_set_async:
 * @self: (transfer full): what to do; of a profile with a set
 * @folder: where to
 *
 * Saves the files that belong together, as cw_output_set_save().
 */
void cw_rendering_save_set_async (CwRendering *self,
                                  GFile *folder,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

/**
 * cw_rendering_save_set_finish:
 * @error: as of cw_output_set_save(); %CW_ERROR_FAILED for a folder on another computer
 *
 * Returns: (transfer full) (nullable) (element-type CwOutputFile): what was written
 */
GPtrArray *cw_rendering_save_set_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwRendering, cw_rendering_free)

G_END_DECLS
