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

/* Whether it can be used now: what its report and its test say counts only then. */
gboolean cw_identity_state_is_usable (CwIdentityState state);

/**
 * CwIdentityLook:
 * @icon_name: its icon
 * @css_class: (nullable): the CSS class of that, and of the words beside it
 */
typedef struct
{
  const char *icon_name;
  const char *css_class;
} CwIdentityLook;

/**
 * cw_identity_get_look:
 * @worst: the worst that its report says; %CW_SEVERITY_GOOD where none was made
 *
 * Its state's, unless it can be used, and its report or its connection test has
 * something against it. The caller says the same in words.
 */
CwIdentityLook cw_identity_get_look (CwIdentity *identity, CwSeverity worst);

G_END_DECLS
