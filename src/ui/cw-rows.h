/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of text in preferences groups, and what they say of names and usages.
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * cw_rows_clear:
 * @rows: (element-type GtkWidget): those of @group that were added by hand; emptied
 */
void cw_rows_clear (AdwPreferencesGroup *group, GPtrArray *rows);

/**
 * cw_rows_join_alt_names:
 * @names: a list model of #CwAltName
 *
 * Returns: (transfer full): their values, one in a line
 */
char *cw_rows_join_alt_names (GListModel *names);

/**
 * cw_rows_join_usages:
 * @usages: (nullable): dotted OIDs
 *
 * Returns: (transfer full): their titles, one in a line
 */
char *cw_rows_join_usages (const char *const *usages);

G_END_DECLS
