/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwSignPage:
 *
 * A private CA signs somebody's request: which one, what is granted, and the
 * certificate to hand back.
 */
#define CW_TYPE_SIGN_PAGE (cw_sign_page_get_type ())
G_DECLARE_FINAL_TYPE (CwSignPage, cw_sign_page, CW, SIGN_PAGE, AdwBin)

/**
 * CwSignPage::back:
 *
 * It has nothing more to show.
 */

/**
 * CwSignPage::use:
 * @identity: the #CwIdentity that has got its certificate
 */

/**
 * CwSignPage::toast:
 * @text: a short sentence for a passing message
 */

void cw_sign_page_set_store (CwSignPage *self, CwStore *store);

/**
 * cw_sign_page_open:
 * @authority: the private CA that signs
 * @waiting: (nullable): whose request it is about; %NULL to ask for one
 */
void cw_sign_page_open (CwSignPage *self, CwIdentity *authority, CwIdentity *waiting);

CwIdentity *cw_sign_page_get_authority (CwSignPage *self); /* (transfer none) (nullable) */

/**
 * cw_sign_page_add_files:
 * @files: a list model of #GFile that were dropped
 *
 * Looks for a request in them.
 */
void cw_sign_page_add_files (CwSignPage *self, GListModel *files);

/**
 * cw_sign_page_is_busy:
 *
 * Whether it is signing: then nothing else may be opened.
 */
gboolean cw_sign_page_is_busy (CwSignPage *self);

G_END_DECLS
