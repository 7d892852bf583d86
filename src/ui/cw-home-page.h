/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwHomePage:
 *
 * The list of certificates, the most urgent first; or, without any, the way in.
 */
#define CW_TYPE_HOME_PAGE (cw_home_page_get_type ())
G_DECLARE_FINAL_TYPE (CwHomePage, cw_home_page, CW, HOME_PAGE, AdwBin)

/**
 * CwHomePage::open:
 * @identity: the #CwIdentity whose row was pressed
 */

/* Shows what is in an open store; @profiles is a list model of #CwProfile. */
void cw_home_page_set_store (CwHomePage *self, CwStore *store, GListModel *profiles);
void cw_home_page_toggle_search (CwHomePage *self);

/**
 * cw_home_page_focus_content:
 *
 * Gives the keyboard to what is there to do, rather than to the header bar's first button.
 */
void cw_home_page_focus_content (CwHomePage *self);

G_END_DECLS
