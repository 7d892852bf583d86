/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files of a consumer, saved together.
 */

#pragma once

#include "cw-output.h"

G_BEGIN_DECLS

/**
 * CwOutputFile:
 * @id: of the output that is in it
 * @path: where it is: absolute; its name alone where that is not known, as in a
 *   sandbox, see cw_file_find_outside()
 */
typedef struct
{
  char *id;
  char *path;
} CwOutputFile;

/**
 * cw_output_set_save:
 * @profile: a consumer with a set
 * @values: what to fill in; its @files are not looked at
 * @folder: an existing folder
 * @error: as of cw_output_render(); %CW_ERROR_FAILED with a sentence that names
 *   the file and the reason
 *
 * Writes each output of the set that has anything in it: all or, after an
 * error, none. No file is replaced, and none is written through a link: if one
 * of the names is taken, all get the same number, "client-2.key". Texts refer
 * to the files by these names. What holds a private key can be read by its
 * owner alone. Where the file system can do so, nothing is left behind either
 * when the process is killed meanwhile. Blocks until it is on the disk: call it in a thread.
 *
 * Returns: (transfer full) (nullable) (element-type CwOutputFile): what was written
 */
GPtrArray *cw_output_set_save (CwProfile *profile,
                               const CwOutputValues *values,
                               const char *folder,
                               GError **error);

/**
 * cw_output_set_get_paths:
 * @files: (element-type CwOutputFile): what was written
 *
 * Returns: (transfer full) (element-type utf8 filename): for #CwOutputValues
 */
GHashTable *cw_output_set_get_paths (GPtrArray *files);

G_END_DECLS
