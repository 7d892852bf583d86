/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-alt-name.h"
#include "cw-rows.h"
#include "cw-usage.h"

void
cw_rows_clear (AdwPreferencesGroup *group, GPtrArray *rows)
{
  g_return_if_fail (ADW_IS_PREFERENCES_GROUP (group));
  g_return_if_fail (rows);

  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

char *
cw_rows_join_alt_names (GListModel *names)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (G_IS_LIST_MODEL (names), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", cw_alt_name_get_value (name));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
cw_rows_join_usages (const char *const *usages)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (; usages && *usages; usages++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", cw_usage_get_title (*usages));
  return g_string_free (g_steal_pointer (&text), FALSE);
}
