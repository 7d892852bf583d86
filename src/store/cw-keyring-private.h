/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the keyring share.
 */

#pragma once

#include "cw-keyring.h"

G_BEGIN_DECLS

/* The attributes that every item has. */
#define CW_KEYRING_IDENTITY    "identity"
#define CW_KEYRING_SPKI_SHA256 "spki-sha256"

/**
 * cw_keyring_error_translate:
 * @error: (transfer full): what D-Bus, GIO or libsecret said
 *
 * Returns: (transfer full): the same as one of %CW_KEYRING_ERROR; errors that
 *   are already of that domain stay as they are
 */
GError *cw_keyring_error_translate (GError *error);

/**
 * cw_keyring_error_new:
 *
 * Returns: (transfer full): an error with the usual sentence for @code
 */
GError *cw_keyring_error_new (CwKeyringError code);

/**
 * cw_keyring_error_is_restart:
 *
 * Whether @error, from libsecret, means that the service it knew is gone.
 */
gboolean cw_keyring_error_is_restart (const GError *error);

/**
 * cw_keyring_file_is_used:
 *
 * Whether libsecret will use its own encrypted file in place of the Secret
 * Service: in a sandbox with a Secret portal, or where SECRET_BACKEND says so.
 * Blocks.
 */
gboolean cw_keyring_file_is_used (void);

/**
 * cw_keyring_file_path:
 *
 * Returns: (transfer full): where libsecret keeps its encrypted file
 */
char *cw_keyring_file_path (void);

/**
 * cw_keyring_file_check:
 *
 * Whether libsecret can open its file: it ends the process over one that is cut
 * short. A file that does not exist is in order. Blocks.
 */
gboolean cw_keyring_file_check (GError **error);

G_END_DECLS
