/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "cw-key.h"

G_BEGIN_DECLS

/**
 * CwProfile:
 *
 * A consumer of certificates, read from a folder of data/profiles. Immutable.
 * CONTRIBUTING.md describes the file.
 */
#define CW_TYPE_PROFILE (cw_profile_get_type ())
G_DECLARE_FINAL_TYPE (CwProfile, cw_profile, CW, PROFILE, GObject)

/**
 * CwProfileOutput:
 * @id: its name within the profile
 * @title: translated: "Settings (YAML)"
 * @description: (nullable): translated
 * @file_name: the name that it has when saved
 * @media_type: for the clipboard and the file chooser
 * @secret: whether it holds the private key: saved with mode 0600, masked on the screen
 * @where: (array zero-terminated=1): translated: where to paste it, step by step
 *
 * One thing that a consumer needs, owned by its profile.
 */
typedef struct
{
  const char *id;
  const char *title;
  const char *description;
  const char *file_name;
  const char *media_type;
  gboolean secret;
  const char *const *where;
} CwProfileOutput;

/**
 * cw_profile_new_from_folder:
 * @folder: a folder with "profile.ini" in it; its name is the profile's id
 * @error: %CW_ERROR_PROFILE that names the file, the group and key, and the
 *   mistake; or #GFileError
 */
CwProfile *cw_profile_new_from_folder (const char *folder, GError **error);

/**
 * cw_profiles_load:
 * @problems: (out) (optional) (element-type GError) (transfer full): one for
 *   each profile that could not be read; the others still load
 *
 * Reads certwright/profiles below $XDG_DATA_HOME and each of $XDG_DATA_DIRS; the
 * first with an id wins. Sorted by the profiles' own "Order", then by name.
 *
 * Returns: (transfer full): a list model of #CwProfile
 */
GListModel *cw_profiles_load (GPtrArray **problems);

/**
 * cw_profiles_find:
 *
 * Returns: (transfer full) (nullable): the profile with that id among @profiles
 */
CwProfile *cw_profiles_find (GListModel *profiles, const char *id);

const char *cw_profile_get_id (CwProfile *self);
const char *cw_profile_get_name (CwProfile *self);        /* translated */
const char *cw_profile_get_short_name (CwProfile *self);  /* translated: "PlaceOS" */
const char *cw_profile_get_description (CwProfile *self); /* translated */
const char *cw_profile_get_icon_name (CwProfile *self);

/**
 * cw_profile_get_key_kinds:
 * @n_kinds: (out): how many
 *
 * Returns: (transfer none): the kinds that the consumer takes, the recommended one first
 */
const CwKeyKind *cw_profile_get_key_kinds (CwProfile *self, guint *n_kinds);

/**
 * cw_profile_get_usages:
 *
 * Returns: (transfer none): dotted OIDs that a request for it asks for
 */
const char *const *cw_profile_get_usages (CwProfile *self);

/**
 * cw_profile_get_wants_server_cas:
 *
 * Whether the consumer can be told which CAs the server's certificate may come
 * from, and whether to verify it: then the wizard asks.
 */
gboolean cw_profile_get_wants_server_cas (CwProfile *self);

guint cw_profile_get_n_outputs (CwProfile *self);
const CwProfileOutput *cw_profile_get_output (CwProfile *self, guint i);

G_END_DECLS
