/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwAuthorityPage:
 *
 * A private CA: what it is, what waits to be signed, what it has signed, and
 * what servers need of it.
 */
#define CW_TYPE_AUTHORITY_PAGE (cw_authority_page_get_type ())
G_DECLARE_FINAL_TYPE (CwAuthorityPage, cw_authority_page, CW, AUTHORITY_PAGE, AdwBin)

/**
 * CwAuthorityPage::back:
 */

/**
 * CwAuthorityPage::sign:
 * @identity: (nullable): the waiting #CwIdentity whose request is to be signed;
 *   %NULL for one from elsewhere
 */

/**
 * CwAuthorityPage::open-issued:
 * @issued: the #CwIssued whose details are to be shown
 */

/**
 * CwAuthorityPage::toast:
 * @text: a short sentence for a passing message
 */

void cw_authority_page_set_store (CwAuthorityPage *self, CwStore *store);
CwIdentity *cw_authority_page_get_identity (CwAuthorityPage *self); /* (transfer none) (nullable) */
void cw_authority_page_set_identity (CwAuthorityPage *self, CwIdentity *identity);

G_END_DECLS
