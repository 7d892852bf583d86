/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-page.h"

G_BEGIN_DECLS

/**
 * CwReplyPage:
 *
 * Takes in what the CA sent, says what it is and whether it will work; without
 * an identity, the same for files that a person has already.
 */
#define CW_TYPE_REPLY_PAGE (cw_reply_page_get_type ())
G_DECLARE_FINAL_TYPE (CwReplyPage, cw_reply_page, CW, REPLY_PAGE, CwPage)

/**
 * cw_reply_page_add_files:
 * @files: a list model of #GFile
 *
 * Reads the files in a thread and adds what is in them.
 */
void cw_reply_page_add_files (CwReplyPage *self, GListModel *files);

G_END_DECLS
