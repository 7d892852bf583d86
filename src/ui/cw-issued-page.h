/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwIssuedPage:
 *
 * One certificate that a private CA kept here has signed: what it is, its
 * files, and how it is revoked.
 */
#define CW_TYPE_ISSUED_PAGE (cw_issued_page_get_type ())
G_DECLARE_FINAL_TYPE (CwIssuedPage, cw_issued_page, CW, ISSUED_PAGE, AdwBin)

/**
 * CwIssuedPage::back:
 */

/**
 * CwIssuedPage::toast:
 * @text: a short sentence for a passing message
 */

/**
 * cw_issued_page_set_store:
 * @profiles: of #CwProfile: those of servers are offered with the key, if that is here
 */
void cw_issued_page_set_store (CwIssuedPage *self, CwStore *store, GListModel *profiles);
void cw_issued_page_set_issued (CwIssuedPage *self, CwIssued *issued);

G_END_DECLS
