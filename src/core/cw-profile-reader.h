/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A profile's key file, read so that whoever wrote it is told of each mistake:
 * which file, which group, which key, and what was probably meant.
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
 */
CwProfileReader *cw_profile_reader_new (const char *path, GError **error);
void cw_profile_reader_free (CwProfileReader *self);

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

/* All groups, in the file's order; (transfer full). */
char **cw_profile_reader_get_groups (CwProfileReader *self);
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
 * Returns: (transfer full) (nullable): the value of a key that has to be there;
 *   not empty, without control characters, at most 500 characters
 */
char *cw_profile_reader_get_string (CwProfileReader *self,
                                    const char *group,
                                    const char *key,
                                    GError **error);

/* The same in the person's language. */
char *cw_profile_reader_get_translated (CwProfileReader *self,
                                        const char *group,
                                        const char *key,
                                        GError **error);

/* The same for a list with semicolons, which has at least one entry and none twice. */
char **cw_profile_reader_get_list (CwProfileReader *self,
                                   const char *group,
                                   const char *key,
                                   GError **error);

/* The same for a number from 0 to 9999. */
gboolean cw_profile_reader_get_number (
    CwProfileReader *self, const char *group, const char *key, int *number, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwProfileReader, cw_profile_reader_free)

G_END_DECLS
