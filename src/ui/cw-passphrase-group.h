/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwPassphraseGroup:
 *
 * Asks for a new passphrase, twice. Its property "complete" says whether both
 * are the same.
 */
#define CW_TYPE_PASSPHRASE_GROUP (cw_passphrase_group_get_type ())
G_DECLARE_FINAL_TYPE (CwPassphraseGroup, cw_passphrase_group, CW, PASSPHRASE_GROUP, AdwBin)

/**
 * cw_passphrase_group_dup_passphrase:
 *
 * Returns: (transfer full) (nullable): the passphrase, if it is complete
 */
CwSecret *cw_passphrase_group_dup_passphrase (CwPassphraseGroup *self);

/* Whether what it is for is encrypted weakly: then it says so. */
void cw_passphrase_group_set_weak (CwPassphraseGroup *self, gboolean weak);

/* Forgets what was typed. */
void cw_passphrase_group_clear (CwPassphraseGroup *self);

G_END_DECLS
