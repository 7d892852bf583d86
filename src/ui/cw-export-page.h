/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-identity.h"

G_BEGIN_DECLS

/**
 * CwExportPage:
 *
 * Key and certificates of an identity as a file, for another program or another
 * computer. Nothing secret is on it longer than it is shown.
 */
#define CW_TYPE_EXPORT_PAGE (cw_export_page_get_type ())
G_DECLARE_FINAL_TYPE (CwExportPage, cw_export_page, CW, EXPORT_PAGE, AdwBin)

/**
 * CwExportPage::back:
 */

/**
 * CwExportPage::toast:
 * @text: a passing message
 */

CwIdentity *cw_export_page_get_identity (CwExportPage *self); /* (transfer none) (nullable) */

/**
 * cw_export_page_set_identity:
 * @identity: one that has a private key
 *
 * Starts over, with the recommended format that @identity has all for.
 */
void cw_export_page_set_identity (CwExportPage *self, CwIdentity *identity);

/* The keyboard to the first thing to do; once it is shown. */
void cw_export_page_focus_content (CwExportPage *self);

G_END_DECLS
