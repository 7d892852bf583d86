/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * CwInfoButton:
 *
 * A small button that explains a term in two sentences.
 */
#define CW_TYPE_INFO_BUTTON (cw_info_button_get_type ())
G_DECLARE_FINAL_TYPE (CwInfoButton, cw_info_button, CW, INFO_BUTTON, AdwBin)

/**
 * CwInfoButton:term:
 *
 * What is explained, for the tooltip and the screen reader.
 */

/**
 * CwInfoButton:text:
 *
 * The explanation.
 */

G_END_DECLS
