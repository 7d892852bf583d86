/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-page.h"

G_BEGIN_DECLS

/**
 * CwKeyPage:
 *
 * The kind of key, and where it will be kept.
 */
#define CW_TYPE_KEY_PAGE (cw_key_page_get_type ())
G_DECLARE_FINAL_TYPE (CwKeyPage, cw_key_page, CW, KEY_PAGE, CwPage)

G_END_DECLS
