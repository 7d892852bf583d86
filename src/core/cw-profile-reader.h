/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A profile's key file, read so that whoever wrote it is told of each mistake:
 * which file, which line, which group and key, and what was probably meant.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CwProfileReader CwProfileReader;

/**
 * cw_profile_reader_new:
 * @path: the key file
 * @error: #GFileError if it cannot be opened; %CW_ERROR_PROFILE if it is no
 *   file, too large, not UTF-8, no key file, or says the same thing twice
 *
 * Reads a key file as GKeyFile does. What is read from it belongs to it.
 */
CwProfileReader *cw_profile_reader_new (const char *path, GError **error);
void cw_profile_reader_free (CwProfileReader *self);

/**
 * cw_profile_read_file:
 * @length: (out): of the text, without the final NUL
 * @error: as of cw_profile_reader_new()
 *
 * Returns: (transfer full) (nullable): the text of a profile's file, UTF-8 without
 *   NUL characters
 */
char *cw_profile_read_file (const char *path, gsize *length, GError **error);

/**
 * cw_profile_set_mistake:
 * @path: a profile's file
 * @line: where in it, from 1; 0 for nowhere
 * @format: the mistake, as the end of a sentence
 *
 * Sets %CW_ERROR_PROFILE.
 *
 * Returns: %FALSE
 */
gboolean
cw_profile_set_mistake (GError **error, const char *path, guint line, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/**
 * cw_profile_find_nearest:
 * @known: (array zero-terminated=1): the words that it could be
 *
 * Returns: (nullable): the one that was probably meant
 */
const char *cw_profile_find_nearest (const char *word, const char *const *known);

/**
 * cw_profile_reader_mistake:
 * @group: (nullable): the group it is in
 * @key: (nullable): the key it is about
 * @format: the mistake, as the end of a sentence
 *
 * Sets %CW_ERROR_PROFILE.
 *
 * Returns: %FALSE
 */
gboolean cw_profile_reader_mistake (CwProfileReader *self,
                                    const char *group,
                                    const char *key,
                                    GError **error,
                                    const char *format,
                                    ...) G_GNUC_PRINTF (5, 6);

/**
 * cw_profile_reader_unknown:
 * @word: what the file says
 * @known: what it could have said
 *
 * Sets %CW_ERROR_PROFILE with the nearest known word, or all of them.
 *
 * Returns: %FALSE
 */
gboolean cw_profile_reader_unknown (CwProfileReader *self,
                                    const char *group,
                                    const char *key,
                                    const char *word,
                                    const char *const *known,
                                    GError **error);

guint cw_profile_reader_get_n_groups (CwProfileReader *self);
const char *cw_profile_reader_get_group (CwProfileReader *self, guint i); /* in the file's order */
gboolean cw_profile_reader_has_group (CwProfileReader *self, const char *group);
gboolean cw_profile_reader_has_key (CwProfileReader *self, const char *group, const char *key);

/**
 * cw_profile_reader_check_keys:
 * @plain: keys that are the same in every language
 * @translated: keys that may have translations ("Name[de]")
 *
 * Whether @group has no other keys.
 */
gboolean cw_profile_reader_check_keys (CwProfileReader *self,
                                       const char *group,
                                       const char *const *plain,
                                       const char *const *translated,
                                       GError **error);

/**
 * cw_profile_reader_get_string:
 *
 * Returns: (transfer none) (nullable): the value of a key that has to be there;
 *   not empty, without control characters, at most 500 characters
 */
const char *cw_profile_reader_get_string (CwProfileReader *self,
                                          const char *group,
                                          const char *key,
                                          GError **error);

/* The same in the person's language. */
const char *cw_profile_reader_get_translated (CwProfileReader *self,
                                              const char *group,
                                              const char *key,
                                              GError **error);

/* The same for a list with semicolons, which has at least one entry and none
 * twice; (transfer container). Ask for it once: it is cut where it stands. */
const char **cw_profile_reader_get_list (CwProfileReader *self,
                                         const char *group,
                                         const char *key,
                                         GError **error);

/* The same for a number from @least to @most. */
gboolean cw_profile_reader_get_number (CwProfileReader *self,
                                       const char *group,
                                       const char *key,
                                       guint least,
                                       guint most,
                                       guint *number,
                                       GError **error);

/**
 * cw_profile_reader_get_word:
 * @known: (array zero-terminated=1): the words that it may be
 * @index: (out): which of them it is
 */
gboolean cw_profile_reader_get_word (CwProfileReader *self,
                                     const char *group,
                                     const char *key,
                                     const char *const *known,
                                     guint *index,
                                     GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwProfileReader, cw_profile_reader_free)

G_END_DECLS
