/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-identity.h"

G_BEGIN_DECLS

/**
 * CwIdentityCell:
 *
 * One certificate in the list: its name, its consumer, and its state in words.
 */
#define CW_TYPE_IDENTITY_CELL (cw_identity_cell_get_type ())
G_DECLARE_FINAL_TYPE (CwIdentityCell, cw_identity_cell, CW, IDENTITY_CELL, AdwBin)

CwIdentityCell *cw_identity_cell_new (void);

/**
 * cw_identity_cell_set_identity:
 * @identity: (nullable): what it shows
 * @profiles: (nullable): where its consumer's name is found, a list model of #CwProfile
 */
void
cw_identity_cell_set_identity (CwIdentityCell *self, CwIdentity *identity, GListModel *profiles);

/* Opens the menu of the "More" button, for the keyboard. */
void cw_identity_cell_popup (CwIdentityCell *self);

/* What stands for a private CA, whatever its state. */
#define CW_AUTHORITY_ICON_NAME "application-certificate-symbolic"

/* The icon and the CSS class that go with a state. */
const char *cw_identity_state_get_icon_name (CwIdentityState state);
const char *cw_identity_state_get_css_class (CwIdentityState state); /* (nullable) */

G_END_DECLS
