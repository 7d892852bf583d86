/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-application.h"
#include "cw-clipboard.h"
#include "cw-shortcuts.h"
#include "cw-window.h"

struct _CwApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (CwApplication, cw_application, ADW_TYPE_APPLICATION)

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplication *app = GTK_APPLICATION (user_data);

  adw_show_about_window (
      gtk_application_get_active_window (app), "application-name", "Certwright", "application-icon",
      APP_ID, "version", PACKAGE_VERSION, "developer-name", _ ("The Certwright contributors"),
      "comments", _ ("Get a client certificate, step by step"), "license-type", GTK_LICENSE_GPL_3_0,
      /* Translators: put your own names here, one in each line */
      "translator-credits", _ ("translator-credits"), NULL);
}

/* (nullable): others, as the help, are windows of the application too */
static CwWindow *
get_main_window (GtkApplication *app)
{
  for (GList *l = gtk_application_get_windows (app); l; l = l->next)
    if (CW_IS_WINDOW (l->data))
      return l->data;

  return NULL;
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CwWindow *window = get_main_window (GTK_APPLICATION (user_data));

  /* Through the window, which saves what is open. */
  if (window)
    gtk_window_close (GTK_WINDOW (window));
}

/* Only for window lists on X11, and it loads the SVG library: so it is done once
 * the window is there. */
static gboolean
set_icon_cb (gpointer user_data)
{
  gtk_window_set_default_icon_name (APP_ID);
  return G_SOURCE_REMOVE;
}

static void
cw_application_activate (GApplication *app)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (app));

  if (!window)
    {
      window = GTK_WINDOW (cw_window_new (GTK_APPLICATION (app)));
      g_timeout_add_seconds_full (G_PRIORITY_LOW, 1, set_icon_cb, NULL, NULL);
    }

  gtk_window_present (window);
}

/* "Open with Certwright", by a file manager or as arguments. */
static void
cw_application_open (GApplication *app, GFile **files, int n_files, const char *hint)
{
  g_autoptr (GListStore) list = g_list_store_new (G_TYPE_FILE);

  g_list_store_splice (list, 0, 0, (gpointer *) files, (guint) n_files);
  g_application_activate (app);
  cw_window_open_files (get_main_window (GTK_APPLICATION (app)), G_LIST_MODEL (list));
}

static void
cw_application_startup (GApplication *app)
{
  static const GActionEntry actions[] = {
    { "about", about_cb, NULL, NULL, NULL },
    { "quit", quit_cb, NULL, NULL, NULL },
  };

  G_APPLICATION_CLASS (cw_application_parent_class)->startup (app);

  g_action_map_add_action_entries (G_ACTION_MAP (app), actions, G_N_ELEMENTS (actions), app);
  cw_shortcuts_install (GTK_APPLICATION (app));
}

static void
cw_application_shutdown (GApplication *app)
{
  /* Before GTK hands the clipboard on to a clipboard manager. */
  cw_clipboard_forget ();

  G_APPLICATION_CLASS (cw_application_parent_class)->shutdown (app);
}

static void
cw_application_class_init (CwApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  app_class->activate = cw_application_activate;
  app_class->open = cw_application_open;
  app_class->startup = cw_application_startup;
  app_class->shutdown = cw_application_shutdown;
}

static void
cw_application_init (CwApplication *self)
{
}

CwApplication *
cw_application_new (void)
{
  return g_object_new (CW_TYPE_APPLICATION, "application-id", APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path",
                       "/io/github/certwright/Certwright", NULL);
}
