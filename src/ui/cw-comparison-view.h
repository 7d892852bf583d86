/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-comparison.h"

G_BEGIN_DECLS

/**
 * CwComparisonView:
 *
 * What was asked for and what came, side by side. What differs is marked by a
 * word and an icon, not by colour alone. Invisible while there is nothing to
 * compare.
 */
#define CW_TYPE_COMPARISON_VIEW (cw_comparison_view_get_type ())
G_DECLARE_FINAL_TYPE (CwComparisonView, cw_comparison_view, CW, COMPARISON_VIEW, AdwBin)

/**
 * cw_comparison_view_set_rows:
 * @rows: (nullable): a list model of #CwComparisonRow
 */
void cw_comparison_view_set_rows (CwComparisonView *self, GListModel *rows);

G_END_DECLS
