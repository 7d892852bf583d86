/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-profile.h"
#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwOutputView:
 *
 * Shows an output exactly as it will be pasted, in colours, with the private
 * key masked until "Reveal" is pressed. Nothing in it can be selected: what
 * GTK copies from a selection would stay on the clipboard for ever.
 */
#define CW_TYPE_OUTPUT_VIEW (cw_output_view_get_type ())
G_DECLARE_FINAL_TYPE (CwOutputView, cw_output_view, CW, OUTPUT_VIEW, AdwBin)

/**
 * cw_output_view_set_text:
 * @profile: (nullable): the consumer
 * @output: (nullable): the output, a text
 * @text: (nullable): what was rendered for it; %NULL shows nothing and drops
 *   what was shown
 */
void cw_output_view_set_text (CwOutputView *self,
                              CwProfile *profile,
                              const CwProfileOutput *output,
                              CwSecret *text);

G_END_DECLS
