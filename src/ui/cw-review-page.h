/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-page.h"

G_BEGIN_DECLS

/**
 * CwReviewPage:
 *
 * Everything in words; Next makes key and request.
 */
#define CW_TYPE_REVIEW_PAGE (cw_review_page_get_type ())
G_DECLARE_FINAL_TYPE (CwReviewPage, cw_review_page, CW, REVIEW_PAGE, CwPage)

G_END_DECLS
