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

void cw_rendering_set_passphrase (CwRendering *self, CwSecret *passphrase);

/* Where outputs were saved, as in #CwOutputValues; copied. */
void cw_rendering_set_files (CwRendering *self, GHashTable *files);

/**
 * cw_rendering_run_async:
 * @self: (transfer full): what to do
 *
 * Returns (finish): (transfer full) (nullable): the text; %NULL without an
 *   error if it needs the private key and has none
 */
void cw_rendering_run_async (CwRendering *self, GAsyncReadyCallback callback, gpointer user_data);
CwSecret *cw_rendering_run_finish (GAsyncResult *result, GError **error);

/* The same, saved so that only its owner can read it. */
void cw_rendering_save_async (CwRendering *self,
                              GFile *file,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean cw_rendering_save_finish (GAsyncResult *result, GError **error);

/* (finish): (transfer full) (nullable) (element-type CwOutputFile): as cw_output_set_save() */
void cw_rendering_save_set_async (CwRendering *self,
                                  GFile *folder,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *cw_rendering_save_set_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwRendering, cw_rendering_free)

G_END_DECLS
