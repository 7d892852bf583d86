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
 * CwProfileSigner:
 * @CW_PROFILE_SIGNER_CA: a CA elsewhere, which is sent a request
 * @CW_PROFILE_SIGNER_SELF: its own key: it is self-signed
 * @CW_PROFILE_SIGNER_AUTHORITY: a private CA that is kept here
 *
 * Who may sign a certificate for a consumer; the numbers of #CwSigner.
 */
typedef enum
{
  CW_PROFILE_SIGNER_CA,
  CW_PROFILE_SIGNER_SELF,
  CW_PROFILE_SIGNER_AUTHORITY,
} CwProfileSigner;

/**
 * CwProfileSubject:
 * @CW_PROFILE_SUBJECT_ANY: it does not say
 * @CW_PROFILE_SUBJECT_PERSON: a person, or whoever answers for it
 * @CW_PROFILE_SUBJECT_DEVICE: a device
 * @CW_PROFILE_SUBJECT_HOST: a host
 *
 * Whom a certificate for a consumer names.
 */
typedef enum
{
  CW_PROFILE_SUBJECT_ANY,
  CW_PROFILE_SUBJECT_PERSON,
  CW_PROFILE_SUBJECT_DEVICE,
  CW_PROFILE_SUBJECT_HOST,
} CwProfileSubject;

/**
 * CwProfileOutputType:
 * @CW_PROFILE_OUTPUT_YAML: a map of settings
 * @CW_PROFILE_OUTPUT_PEM: key or certificates, one after the other
 * @CW_PROFILE_OUTPUT_ENCRYPTED_KEY: PKCS#8 PEM with a passphrase
 * @CW_PROFILE_OUTPUT_PKCS12: key and certificates with a passphrase; no text
 * @CW_PROFILE_OUTPUT_TEMPLATE: a text with values filled in
 */
typedef enum
{
  CW_PROFILE_OUTPUT_YAML,
  CW_PROFILE_OUTPUT_PEM,
  CW_PROFILE_OUTPUT_ENCRYPTED_KEY,
  CW_PROFILE_OUTPUT_PKCS12,
  CW_PROFILE_OUTPUT_TEMPLATE,
} CwProfileOutputType;

/**
 * CwProfileOutput:
 * @id: its name within the profile
 * @type: what it is
 * @title: translated: "Settings (YAML)"
 * @description: (nullable): translated
 * @file_name: the name that it has when saved
 * @media_type: for the clipboard and the file chooser
 * @secret: whether it holds the private key: saved with mode 0600, masked on the screen
 * @is_text: whether it can be shown and copied
 * @needs_passphrase: whether it is encrypted with one
 * @weak: whether that is with ciphers that are no longer thought secure
 * @in_set: whether it is one of the files that are saved together
 * @where: (array zero-terminated=1): translated: where to paste it, step by step
 *
 * One thing that a consumer needs, owned by its profile.
 */
typedef struct
{
  const char *id;
  CwProfileOutputType type;
  const char *title;
  const char *description;
  const char *file_name;
  const char *media_type;
  gboolean secret;
  gboolean is_text;
  gboolean needs_passphrase;
  gboolean weak;
  gboolean in_set;
  const char *const *where;
} CwProfileOutput;

/**
 * cw_profile_new_from_folder:
 * @folder: a folder with "profile.ini" in it; its name is the profile's id
 * @error: %CW_ERROR_PROFILE that names the file, the line, the group and key,
 *   and the mistake; or #GFileError
 *
 * Templates beside it are read when they are rendered, or by
 * cw_profile_check_templates().
 */
CwProfile *cw_profile_new_from_folder (const char *folder, GError **error);

/**
 * cw_profile_check_templates:
 * @error: %CW_ERROR_PROFILE that names the file, the line and the mistake; or #GFileError
 *
 * Whether all its templates can be rendered, as far as that depends on them.
 */
gboolean cw_profile_check_templates (CwProfile *self, GError **error);

/**
 * cw_profiles_get_user_folder:
 *
 * Returns: (transfer full): where a person puts profiles of their own; it need not exist
 */
char *cw_profiles_get_user_folder (void);

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
const char *cw_profile_get_folder (CwProfile *self);      /* that it was read from */
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

/* Whether who uses it only serves: serverAuth, but not clientAuth, is among its usages. */
gboolean cw_profile_get_only_serves (CwProfile *self);

/* For how many days a certificate for it is asked for, if it is signed here. */
guint cw_profile_get_days (CwProfile *self);

/**
 * cw_profile_get_signers:
 * @n_signers: (out): how many; at least one
 *
 * Returns: (transfer none): who may sign, the recommended one first
 */
const CwProfileSigner *cw_profile_get_signers (CwProfile *self, guint *n_signers);

CwProfileSubject cw_profile_get_subject (CwProfile *self);

/**
 * cw_profile_get_test_schemes:
 *
 * Returns: (transfer none): "https", "wss", "mqtts": how the consumer connects,
 *   the usual way first; at least one
 */
const char *const *cw_profile_get_test_schemes (CwProfile *self);

/* Whether the consumer takes the system's CAs beside those that it is given. */
gboolean cw_profile_get_cas_beside_system (CwProfile *self);

/* The port that its servers usually have; 0 for the scheme's own. */
guint cw_profile_get_test_port (CwProfile *self);

/* What may be published over MQTT to see that it works; NULL for nothing. */
const char *cw_profile_get_test_topic (CwProfile *self);
const char *cw_profile_get_test_payload (CwProfile *self);

/**
 * cw_profile_get_wants_server_cas:
 *
 * Whether the consumer can be told which CAs the server's certificate may come
 * from, or whether to verify it: then the wizard asks.
 */
gboolean cw_profile_get_wants_server_cas (CwProfile *self);

/**
 * cw_profile_output_wants_server_cas:
 * @output: (nullable): one of @self's outputs; %NULL for the set
 *
 * Whether these CAs may make a difference to @output.
 */
gboolean cw_profile_output_wants_server_cas (CwProfile *self, const CwProfileOutput *output);

guint cw_profile_get_n_outputs (CwProfile *self);
const CwProfileOutput *cw_profile_get_output (CwProfile *self, guint i);

/* Whether it has files that are saved together: those whose @in_set is set. */
gboolean cw_profile_get_has_set (CwProfile *self);

G_END_DECLS
