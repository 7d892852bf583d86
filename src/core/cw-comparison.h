/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-certificate.h"
#include "cw-request.h"

G_BEGIN_DECLS

/**
 * CwComparisonState:
 * @CW_COMPARISON_SAME: as it was asked for; also what a request does not ask
 *   for, such as how long it is valid: the asked text is then %NULL
 * @CW_COMPARISON_CHANGED: asked for, and there with another value
 * @CW_COMPARISON_MISSING: asked for, and not there
 * @CW_COMPARISON_ADDED: there without having been asked for
 */
typedef enum
{
  CW_COMPARISON_SAME,
  CW_COMPARISON_CHANGED,
  CW_COMPARISON_MISSING,
  CW_COMPARISON_ADDED,
} CwComparisonState;

/**
 * CwComparisonRow:
 *
 * One line of what was asked against what came. Immutable.
 */
#define CW_TYPE_COMPARISON_ROW (cw_comparison_row_get_type ())
G_DECLARE_FINAL_TYPE (CwComparisonRow, cw_comparison_row, CW, COMPARISON_ROW, GObject)

const char *cw_comparison_row_get_title (CwComparisonRow *self); /* "Organisation", "Usage" */
const char *cw_comparison_row_get_asked (CwComparisonRow *self); /* (nullable) */
const char *cw_comparison_row_get_got (CwComparisonRow *self);   /* (nullable) */
CwComparisonState cw_comparison_row_get_state (CwComparisonRow *self);

/**
 * cw_comparison_new:
 * @asked: what was asked for
 * @got: the certificate that came
 *
 * Sets both side by side: the subject's attributes in the order in which they
 * were asked for, the alternative names, the usages, the key and the dates.
 * What was added follows in each group. All texts are fit to be shown.
 *
 * Returns: (transfer full): a list model of #CwComparisonRow
 */
GListModel *cw_comparison_new (CwRequest *asked, CwCertificate *got);

G_END_DECLS
