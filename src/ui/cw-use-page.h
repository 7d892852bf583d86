/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-page.h"

G_BEGIN_DECLS

/**
 * CwUsePage:
 *
 * What the consumer needs, to be copied or saved, and where to paste it.
 */
#define CW_TYPE_USE_PAGE (cw_use_page_get_type ())
G_DECLARE_FINAL_TYPE (CwUsePage, cw_use_page, CW, USE_PAGE, CwPage)

G_END_DECLS
