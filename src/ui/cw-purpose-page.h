/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-page.h"

G_BEGIN_DECLS

/**
 * CwPurposePage:
 *
 * "What is it for?": the consumer, out of the profiles.
 */
#define CW_TYPE_PURPOSE_PAGE (cw_purpose_page_get_type ())
G_DECLARE_FINAL_TYPE (CwPurposePage, cw_purpose_page, CW, PURPOSE_PAGE, CwPage)

G_END_DECLS
