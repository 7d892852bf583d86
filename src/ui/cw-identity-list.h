/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwIdentityList:
 *
 * All certificates of a store, the most urgent first, and a search in them.
 */
#define CW_TYPE_IDENTITY_LIST (cw_identity_list_get_type ())
G_DECLARE_FINAL_TYPE (CwIdentityList, cw_identity_list, CW, IDENTITY_LIST, AdwBin)

/**
 * CwIdentityList:search-mode:
 *
 * Whether the search entry is shown.
 */

/**
 * CwIdentityList::open:
 * @identity: the #CwIdentity whose row was pressed
 */

/* @profiles: where the consumers' names are found, a list model of #CwProfile */
CwIdentityList *cw_identity_list_new (CwStore *store, GListModel *profiles);

G_END_DECLS
