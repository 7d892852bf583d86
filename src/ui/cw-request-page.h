/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-page.h"

G_BEGIN_DECLS

/**
 * CwRequestPage:
 *
 * The request, to be copied, saved or e-mailed.
 */
#define CW_TYPE_REQUEST_PAGE (cw_request_page_get_type ())
G_DECLARE_FINAL_TYPE (CwRequestPage, cw_request_page, CW, REQUEST_PAGE, CwPage)

G_END_DECLS
