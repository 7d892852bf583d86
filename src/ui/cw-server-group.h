/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-identity.h"

G_BEGIN_DECLS

/**
 * CwServerGroup:
 *
 * Which CAs the server's certificate may come from, and whether it is checked
 * at all. It changes its identity, and follows that when others do. What it is
 * doing, if that takes longer, is its property "activity", for a progress
 * display.
 */
#define CW_TYPE_SERVER_GROUP (cw_server_group_get_type ())
G_DECLARE_FINAL_TYPE (CwServerGroup, cw_server_group, CW, SERVER_GROUP, AdwPreferencesGroup)

/**
 * cw_server_group_set_identity:
 * @identity: (nullable): one that has its certificate; %NULL drops it, and ends
 *   what is under way
 */
void cw_server_group_set_identity (CwServerGroup *self, CwIdentity *identity);

const char *cw_server_group_get_activity (CwServerGroup *self); /* (nullable) */

G_END_DECLS
