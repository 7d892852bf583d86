/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-profile.h"
#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwRecipeWindow:
 *
 * "Show the Commands": what does the same by hand, step by step, each to be
 * copied.
 */
#define CW_TYPE_RECIPE_WINDOW (cw_recipe_window_get_type ())
G_DECLARE_FINAL_TYPE (CwRecipeWindow, cw_recipe_window, CW, RECIPE_WINDOW, AdwWindow)

/**
 * cw_recipe_window_new:
 * @identity: whose commands; those of now, later changes are not followed
 * @authority: (nullable): the private CA that signs it
 * @profile: (nullable): its consumer's
 */
CwRecipeWindow *
cw_recipe_window_new (CwIdentity *identity, CwIdentity *authority, CwProfile *profile);

/**
 * cw_recipe_window_present:
 * @widget: in the window that it belongs to
 * @store: (nullable): where the private CA is looked up that signs @identity
 * @profiles: (nullable): where its consumer is looked up
 *
 * Opens one for @identity.
 */
void cw_recipe_window_present (GtkWidget *widget,
                               CwStore *store,
                               GListModel *profiles,
                               CwIdentity *identity);

G_END_DECLS
