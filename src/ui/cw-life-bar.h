/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * CwLifeBar:
 *
 * From when until when a certificate is valid, today's place between, and how
 * much is left, in words.
 */
#define CW_TYPE_LIFE_BAR (cw_life_bar_get_type ())
G_DECLARE_FINAL_TYPE (CwLifeBar, cw_life_bar, CW, LIFE_BAR, AdwBin)

/**
 * cw_life_bar_set_life:
 * @now: (nullable): the moment that it shows; %NULL for the clock's
 * @css_class: (nullable): for the state: "success", "warning", "error"
 */
void cw_life_bar_set_life (
    CwLifeBar *self, GDateTime *from, GDateTime *until, GDateTime *now, const char *css_class);

G_END_DECLS
