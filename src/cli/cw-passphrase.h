/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a passphrase comes from: a file, a descriptor, or the terminal; never
 * the command line or the environment, which others can read.
 */

#pragma once

#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwPassphraseSource:
 * @file: (nullable): the option --passphrase-file
 * @fd: the option --passphrase-fd, or -1
 */
typedef struct
{
  char *file;
  int fd;
} CwPassphraseSource;

#define CW_PASSPHRASE_SOURCE_INIT                                                                  \
  {                                                                                                \
    NULL, -1                                                                                       \
  }

/* Among the entries of a command: @source is a CwPassphraseSource. */
#define CW_PASSPHRASE_ENTRIES(source)                                                              \
  { "passphrase-file",                                                                             \
    0,                                                                                             \
    0,                                                                                             \
    G_OPTION_ARG_FILENAME,                                                                         \
    &(source).file,                                                                                \
    N_ ("Read the passphrase from the first line of a file"),                                      \
    N_ ("FILE") },                                                                                 \
  {                                                                                                \
    "passphrase-fd", 0, 0, G_OPTION_ARG_INT, &(source).fd,                                         \
        N_ ("Read the passphrase from the first line of an open file descriptor"), N_ ("NUMBER")   \
  }

/**
 * cw_passphrase_read:
 * @passphrase: (out) (transfer full) (nullable): %NULL if no option names one
 * @error: wrong use, or why it cannot be read
 *
 * Returns: %FALSE with @error
 */
gboolean
cw_passphrase_read (const CwPassphraseSource *source, CwSecret **passphrase, GError **error);

/**
 * cw_passphrase_choose:
 * @error: wrong use if no option names one and nobody can be asked
 *
 * For something new: as cw_passphrase_read(), or else asked for, twice.
 *
 * Returns: (transfer full) (nullable): the passphrase
 */
CwSecret *cw_passphrase_choose (const CwPassphraseSource *source, GError **error);

void cw_passphrase_source_clear (CwPassphraseSource *source);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CwPassphraseSource, cw_passphrase_source_clear)

G_END_DECLS
