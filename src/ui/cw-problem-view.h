/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * CwProblemView:
 *
 * An error as a person should meet it: the sentence, a way on, and the
 * technical text behind "Details", to copy. Hidden while there is none.
 */
#define CW_TYPE_PROBLEM_VIEW (cw_problem_view_get_type ())
G_DECLARE_FINAL_TYPE (CwProblemView, cw_problem_view, CW, PROBLEM_VIEW, AdwBin)

/**
 * CwProblemView::retry:
 *
 * "Try Again" was pressed.
 */

CwProblemView *cw_problem_view_new (void);

/**
 * cw_problem_view_set_error:
 * @error: (nullable): what to show; %NULL hides it
 * @retry: whether to offer "Try Again"
 */
void cw_problem_view_set_error (CwProblemView *self, const GError *error, gboolean retry);

/**
 * cw_problem_view_focus:
 *
 * Gives the keyboard to the sentence, so that it is read out, and comes into view.
 */
void cw_problem_view_focus (CwProblemView *self);

G_END_DECLS
