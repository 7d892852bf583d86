/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-profile.h"
#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwSignerGroup:
 *
 * Who signs the certificate: a CA elsewhere, its own key, or one of the private
 * CAs that are kept here. Its "editable" property says whether that is still open.
 */
#define CW_TYPE_SIGNER_GROUP (cw_signer_group_get_type ())
G_DECLARE_FINAL_TYPE (CwSignerGroup, cw_signer_group, CW, SIGNER_GROUP, AdwBin)

/**
 * cw_signer_group_set_identity:
 * @identity: (nullable): whose signer is shown, and set when another is chosen
 * @store: where the private CAs are
 */
void cw_signer_group_set_identity (CwSignerGroup *self, CwIdentity *identity, CwStore *store);

/**
 * cw_signer_group_recommend:
 *
 * Chooses who should sign for @profile, as far as that is possible here.
 */
void cw_signer_group_recommend (CwSignerGroup *self, CwProfile *profile);

G_END_DECLS
