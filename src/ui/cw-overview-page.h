/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-identity.h"

G_BEGIN_DECLS

/**
 * CwOverviewPage:
 *
 * One certificate: what it is, until when, its chain, and what can be done with it.
 */
#define CW_TYPE_OVERVIEW_PAGE (cw_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (CwOverviewPage, cw_overview_page, CW, OVERVIEW_PAGE, AdwBin)

/**
 * CwOverviewPage::back:
 */

/**
 * CwOverviewPage::use:
 * @identity: the #CwIdentity to go on with in the wizard
 */

/* @profiles: a list model of CwProfile, to name the consumer */
void cw_overview_page_set_profiles (CwOverviewPage *self, GListModel *profiles);
CwIdentity *cw_overview_page_get_identity (CwOverviewPage *self); /* (transfer none) (nullable) */
void cw_overview_page_set_identity (CwOverviewPage *self, CwIdentity *identity);

G_END_DECLS
