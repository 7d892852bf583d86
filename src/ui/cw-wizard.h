/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-flow.h"
#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwWizard:
 *
 * The journey of one identity: header bar with Back and Next, the journey bar,
 * and the page of the current step. What is typed is saved shortly after, and
 * at each step.
 */
#define CW_TYPE_WIZARD (cw_wizard_get_type ())
G_DECLARE_FINAL_TYPE (CwWizard, cw_wizard, CW, WIZARD, AdwBin)

/**
 * CwWizard::closed:
 * @identity: (nullable): the identity that was shown, if its journey has reached its end
 *
 * The wizard has nothing more to show.
 */

/**
 * CwWizard::toast:
 * @toast: an #AdwToast: a passing message
 */

void cw_wizard_set_store (CwWizard *self, CwStore *store, GListModel *profiles);

/**
 * cw_wizard_get_identity:
 *
 * Returns: (transfer none) (nullable): what was opened last; %NULL after an import's opening
 */
CwIdentity *cw_wizard_get_identity (CwWizard *self);

/* The step on the screen. */
CwStep cw_wizard_get_step (CwWizard *self);

/**
 * cw_wizard_is_busy:
 *
 * Whether a page is being applied: then nothing else may be opened.
 */
gboolean cw_wizard_is_busy (CwWizard *self);

/**
 * cw_wizard_open:
 * @identity: a new draft, or one of the store's
 * @step: (nullable): %NULL for the step that it needs next
 */
void cw_wizard_open (CwWizard *self, CwIdentity *identity, const CwStep *step);

/**
 * cw_wizard_open_import:
 *
 * Shows the reply page without an identity, for files that a person has already.
 */
void cw_wizard_open_import (CwWizard *self);

/**
 * cw_wizard_add_files:
 * @files: a list model of #GFile
 *
 * Hands files that were dropped to the reply page, and shows it.
 */
void cw_wizard_add_files (CwWizard *self, GListModel *files);

/**
 * cw_wizard_flush_async:
 *
 * Saves what is not saved yet, and drops what the page holds.
 */
void cw_wizard_flush_async (CwWizard *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean cw_wizard_flush_finish (CwWizard *self, GAsyncResult *result, GError **error);

G_END_DECLS
