/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <locale.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "cw-profile.h"
#include "cw-secret.h"
#include "ui-test.h"

#include "../core/pki.h"

/* No test takes that long, also with the sanitizers: it waits for what never comes. */
#define PATIENCE 60

/* Where the profiles are, as if they were installed. */
static void
set_data_dirs (void)
{
  const char *profiles = g_getenv ("CERTWRIGHT_TEST_PROFILES");
  g_autofree char *share = g_build_filename (g_get_home_dir (), "share", NULL);
  g_autofree char *folder = g_build_filename (share, "certwright", NULL);
  g_autofree char *link = g_build_filename (folder, "profiles", NULL);
  g_autofree char *dirs = g_strconcat (share, ":/usr/local/share:/usr/share", NULL);

  if (!profiles)
    g_error ("CERTWRIGHT_TEST_PROFILES is not set");
  g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
  if (!g_file_test (link, G_FILE_TEST_IS_SYMLINK))
    g_assert_no_errno (symlink (profiles, link));
  g_setenv ("XDG_DATA_DIRS", dirs, TRUE);
}

void
ui_test_init (int *argc, char ***argv)
{
  /* The home is written to. */
  if (!g_getenv ("CERTWRIGHT_SESSION"))
    {
      g_printerr ("Run this with tests/session/session.py --display --\n");
      exit (1);
    }

  setlocale (LC_ALL, "");
  set_data_dirs ();
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  if (g_getenv ("CERTWRIGHT_TEST_SCHEMAS"))
    g_setenv ("GSETTINGS_SCHEMA_DIR", g_getenv ("CERTWRIGHT_TEST_SCHEMAS"), TRUE);
#ifndef __SANITIZE_ADDRESS__
  /* LeakSanitizer does not look into it, and takes what only it points to for lost. */
  cw_secret_heap_init ();
#endif
  g_test_init (argc, argv, NULL);
  adw_init ();
  /* Or there is always something to do: the next frame. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

static gboolean
out_of_patience_cb (gpointer user_data)
{
  g_error ("Nothing came within %d seconds", PATIENCE);
  return G_SOURCE_REMOVE;
}

/* So that a condition is looked at again even when nothing happens in this process. */
static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
ui_wait (UiCondition condition, gpointer data)
{
  const guint patience = g_timeout_add_seconds (PATIENCE, out_of_patience_cb, NULL);
  const guint tick = g_timeout_add (20, tick_cb, NULL);

  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (tick);
  g_source_remove (patience);
}

/* Where drawing is slow, a progress bar alone keeps the main loop busy. */
void
ui_settle (void)
{
  for (guint i = 0; i < 200 && g_main_context_iteration (NULL, FALSE); i++)
    ;
}

static gboolean
is_null (gpointer data)
{
  return *(gpointer *) data == NULL;
}

void
ui_assert_freed (gpointer object)
{
  gpointer weak = object;

  g_assert_nonnull (object);
  g_assert_false (g_object_is_floating (object));
  g_object_add_weak_pointer (object, &weak);
  g_object_unref (object);
  ui_wait (is_null, &weak);
}

/* GLib says that a thread has left its pool before it ends. */
static gboolean
pools_are_empty (gpointer data)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *id;

  g_thread_pool_stop_unused_threads ();
  while ((id = g_dir_read_name (tasks)))
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", id, "comm", NULL);
      g_autofree char *name = NULL;

      if (g_file_get_contents (path, &name, NULL, NULL) && g_str_has_prefix (name, "pool") &&
          !g_str_has_prefix (name, "pool-spawner"))
        return FALSE;
    }

  return TRUE;
}

int
ui_test_run (void)
{
  const int status = g_test_run ();

  g_thread_pool_set_max_unused_threads (0);
  ui_wait (pools_are_empty, NULL);
  return status;
}

GtkWindow *
ui_show (GtkWidget *child)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());

  gtk_window_set_default_size (window, 800, 600);
  gtk_window_set_child (window, child);
  gtk_window_present (window);
  ui_settle ();
  return window;
}

void
ui_assert_window_freed (GtkWindow *window, GtkWidget *child)
{
  gpointer weak_child = child;
  gpointer weak_window = window;

  g_object_add_weak_pointer (G_OBJECT (window), &weak_window);
  if (child)
    g_object_add_weak_pointer (G_OBJECT (child), &weak_child);
  gtk_window_destroy (window);
  ui_wait (is_null, &weak_window);
  ui_wait (is_null, &weak_child);
}

static char *
without_underscore (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text ? text : "", "_", -1);

  return g_strjoinv ("", parts);
}

static gboolean
says_exactly (GtkWidget *widget, const char *text)
{
  const char *label = NULL;
  g_autofree char *bare = NULL;

  if (GTK_IS_BUTTON (widget))
    label = gtk_button_get_label (GTK_BUTTON (widget));
  else if (GTK_IS_LABEL (widget))
    label = gtk_label_get_text (GTK_LABEL (widget));
  else if (ADW_IS_PREFERENCES_ROW (widget))
    label = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget));

  bare = without_underscore (label);
  return g_str_equal (bare, text) || g_strcmp0 (label, text) == 0 ||
         g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0 ||
         (GTK_IS_BUTTON (widget) && ui_look_for (widget, GTK_TYPE_LABEL, text));
}

static void
collect (GtkWidget *widget, GType type, const char *text, GPtrArray *found)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && (!text || says_exactly (widget, text)))
    g_ptr_array_add (found, widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    collect (child, type, text, found);
}

GtkWidget *
ui_look_for (GtkWidget *root, GType type, const char *text)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  for (GtkWidget *child = gtk_widget_get_first_child (root); child && found->len == 0;
       child = gtk_widget_get_next_sibling (child))
    collect (child, type, text, found);

  return found->len > 0 ? found->pdata[0] : NULL;
}

GtkWidget *
ui_find (GtkWidget *root, GType type, const char *text)
{
  GtkWidget *widget = ui_look_for (root, type, text);

  if (!widget)
    g_error ("There is no %s that says “%s”", g_type_name (type), text ? text : "");
  return widget;
}

GtkStack *
ui_find_stack (GtkWidget *root, const char *name)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  collect (root, GTK_TYPE_STACK, NULL, found);
  for (guint i = 0; i < found->len; i++)
    if (gtk_stack_get_child_by_name (found->pdata[i], name))
      return found->pdata[i];
  g_error ("There is no stack with a page “%s”", name);
}

guint
ui_count (GtkWidget *root, GType type, const char *text)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  collect (root, type, text, found);
  return found->len;
}

gboolean
ui_is_shown (GtkWidget *widget, GtkWidget *root)
{
  for (; widget && widget != root; widget = gtk_widget_get_parent (widget))
    if (!gtk_widget_get_visible (widget))
      return FALSE;

  return widget && gtk_widget_get_visible (widget);
}

gboolean
ui_says (GtkWidget *root, const char *text)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();

  collect (root, GTK_TYPE_LABEL, NULL, labels);
  for (guint i = 0; i < labels->len; i++)
    if (strstr (gtk_label_get_label (labels->pdata[i]), text) &&
        ui_is_shown (labels->pdata[i], root))
      return TRUE;

  return FALSE;
}

void
ui_click (GtkWidget *button)
{
  g_assert_true (GTK_IS_BUTTON (button));
  g_assert_true (gtk_widget_get_visible (button));
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  ui_settle ();
}

void
ui_type (GtkWidget *editable, const char *text)
{
  g_assert_true (gtk_widget_is_sensitive (editable));
  gtk_editable_set_text (GTK_EDITABLE (editable), text);
  ui_settle ();
}

/* Stores */

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

CwStore *
ui_store_open (const char *path)
{
  CwStore *store = cw_store_new (path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cw_store_open_async (store, NULL, result_cb, &result);
  ui_wait (is_set, &result);
  cw_store_open_finish (store, result, &error);
  g_assert_no_error (error);
  return store;
}

CwStore *
ui_store_new (void)
{
  static guint number;
  g_autofree char *name = g_strdup_printf ("store-%d-%u", getpid (), ++number);
  g_autofree char *path = g_build_filename (g_get_home_dir (), name, "certificates.db", NULL);

  return ui_store_open (path);
}

CwStore *
ui_store_reopen (CwStore *store)
{
  return ui_store_open (cw_store_get_path (store));
}

void
ui_store_save (CwStore *store, CwIdentity *identity)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cw_store_save_async (store, identity, NULL, result_cb, &result);
  ui_wait (is_set, &result);
  cw_store_save_finish (store, result, &error);
  g_assert_no_error (error);
}

GListModel *
ui_profiles_new (void)
{
  g_autoptr (GPtrArray) problems = NULL;
  GListModel *profiles = cw_profiles_load (&problems);

  g_assert_cmpuint (problems ? problems->len : 0, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (profiles), >=, 1);
  return profiles;
}

/* Identities */

CwIdentity *
ui_draft_new (const char *common_name)
{
  CwIdentity *identity = cw_identity_new ();
  CwRequest *request = cw_identity_get_request (identity);

  cw_identity_set_profile_id (identity, "placeos");
  cw_request_set_key_kind (request, CW_KEY_KIND_EC_P256);
  if (common_name)
    cw_subject_append (cw_request_get_subject (request), "CN", common_name);
  return identity;
}

static CwKey *
key_new (void)
{
  g_autoptr (GError) error = NULL;
  CwKey *key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, &error);

  g_assert_no_error (error);
  return key;
}

static void
add_request (CwIdentity *identity, CwKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) csr = cw_request_create_csr (cw_identity_get_request (identity), key, &error);

  g_assert_no_error (error);
  cw_identity_set_key_fingerprint (identity, cw_key_get_fingerprint (key));
  cw_identity_set_csr (identity, csr);
}

CwIdentity *
ui_waiting_new (const char *common_name)
{
  CwIdentity *identity = ui_draft_new (common_name);
  g_autoptr (CwKey) key = key_new ();

  add_request (identity, key);
  return identity;
}

CwChain *
ui_chain_new_for_key (const char *common_name, CwKey *key, gboolean complete)
{
  Pki pki;
  CwChain *chain;
  g_autoptr (CwCertificate) leaf = NULL;
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();

  pki_init (&pki);
  leaf = pki_make (&(PkiSpec){ .name = common_name,
                               .key = key,
                               .issuer = pki.middle,
                               .issuer_key = pki.middle_key,
                               .extensions = pki_client_extensions });
  if (complete)
    {
      g_ptr_array_add (candidates, pki.root);
      g_ptr_array_add (candidates, pki.middle);
    }
  chain = cw_chain_new (leaf, candidates, NULL);
  pki_clear (&pki);
  return chain;
}

CwChain *
ui_chain_new (const char *common_name, gboolean complete)
{
  g_autoptr (CwKey) key = key_new ();

  return ui_chain_new_for_key (common_name, key, complete);
}

CwIdentity *
ui_ready_new_for_key (const char *common_name, CwKey *key)
{
  CwIdentity *identity = ui_draft_new (common_name);
  g_autoptr (CwChain) chain = ui_chain_new_for_key (common_name, key, TRUE);

  add_request (identity, key);
  cw_identity_set_chain (identity, chain);
  return identity;
}

CwIdentity *
ui_ready_new (const char *common_name)
{
  g_autoptr (CwKey) key = key_new ();

  return ui_ready_new_for_key (common_name, key);
}
