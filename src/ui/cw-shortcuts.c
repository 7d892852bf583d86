/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-shortcuts.h"

static const CwShortcut shortcuts[] = {
  { "app.quit", { "<primary>q" } },
  { "window.close", { "<primary>w" } },
  { "win.new", { "<primary>n" } },
  { "win.import", { "<primary>o" } },
  { "win.search", { "<primary>f" } },
  { "win.help", { "F1" } },
  { "win.show-help-overlay", { "<primary>question", "<primary>F1" } },
};

const CwShortcut *
cw_shortcuts_get (guint *n)
{
  g_return_val_if_fail (n != NULL, NULL);

  *n = G_N_ELEMENTS (shortcuts);
  return shortcuts;
}

void
cw_shortcuts_install (GtkApplication *app)
{
  g_return_if_fail (GTK_IS_APPLICATION (app));

  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (app, shortcuts[i].action, shortcuts[i].keys);
}

void
cw_shortcuts_present (GtkApplicationWindow *window)
{
  g_return_if_fail (GTK_IS_APPLICATION_WINDOW (window));

  if (!gtk_application_window_get_help_overlay (window))
    {
      g_autoptr (GtkBuilder) builder =
          gtk_builder_new_from_resource ("/io/github/certwright/Certwright/ui/cw-shortcuts.ui");

      gtk_application_window_set_help_overlay (
          window, GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "shortcuts")));
    }
  gtk_window_present (GTK_WINDOW (gtk_application_window_get_help_overlay (window)));
}
