/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-home-page.h"
#include "cw-identity-cell.h"
#include "ui-test.h"

typedef struct
{
  CwStore *store;
  GListModel *profiles;
  CwHomePage *page;
  GtkWidget *widget; /* the page */
  GtkWindow *window;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->store = ui_store_new ();
  self->profiles = ui_profiles_new ();
  self->page = g_object_new (CW_TYPE_HOME_PAGE, NULL);
  self->widget = GTK_WIDGET (self->page);
  self->window = ui_show (self->widget);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ui_assert_window_freed (self->window, self->widget);
  ui_assert_freed (self->profiles);
  ui_assert_freed (self->store);
}

static const char *
shown_page (Fixture *self)
{
  return gtk_stack_get_visible_child_name (ui_find_stack (self->widget, "loading"));
}

/* Of the list. */
static gboolean
shows_nothing_found (Fixture *self)
{
  GtkStack *stack = ui_find_stack (self->widget, "nothing");

  return g_str_equal (gtk_stack_get_visible_child_name (stack), "nothing");
}

static void
add_identity (Fixture *self, CwIdentity *identity)
{
  ui_store_save (self->store, identity);
  g_object_unref (identity);
  ui_settle ();
}

static gboolean
is_removed (gpointer data)
{
  return g_list_model_get_n_items (data) == 0;
}

static void
test_loading (Fixture *self, gconstpointer data)
{
  g_assert_cmpstr (shown_page (self), ==, "loading");
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  cw_home_page_set_store (self->page, self->store, self->profiles);
  g_assert_cmpstr (shown_page (self), ==, "welcome");
  g_assert_true (ui_says (self->widget, "Get a Client Certificate"));

  /* There is nothing to search. */
  cw_home_page_toggle_search (self->page);
  g_assert_null (ui_look_for (self->widget, GTK_TYPE_SEARCH_BAR, NULL));
}

static void
test_list (Fixture *self, gconstpointer data)
{
  cw_home_page_set_store (self->page, self->store, self->profiles);
  add_identity (self, ui_ready_new ("ready.example.com"));
  g_assert_cmpstr (shown_page (self), ==, "list");
  add_identity (self, ui_waiting_new ("waiting.example.com"));

  g_assert_cmpuint (ui_count (self->widget, CW_TYPE_IDENTITY_CELL, NULL), >=, 2);
  g_assert_true (ui_says (self->widget, "ready.example.com"));
  g_assert_true (ui_says (self->widget, "waiting.example.com"));
  g_assert_true (ui_says (self->widget, "PlaceOS · Waiting for the CA"));
}

static GListModel *
get_model (Fixture *self)
{
  GtkWidget *view = ui_find (self->widget, GTK_TYPE_LIST_VIEW, NULL);

  return G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (view)));
}

static void
assert_title (Fixture *self, guint position, const char *expected)
{
  g_autoptr (CwIdentity) identity = g_list_model_get_item (get_model (self), position);
  g_autofree char *title = cw_identity_get_title (identity);

  g_assert_cmpstr (title, ==, expected);
}

static void
test_order (Fixture *self, gconstpointer data)
{
  cw_home_page_set_store (self->page, self->store, self->profiles);
  add_identity (self, ui_ready_new ("ready.example.com"));
  add_identity (self, ui_draft_new ("draft.example.com"));
  add_identity (self, ui_waiting_new ("waiting.example.com"));

  assert_title (self, 0, "waiting.example.com");
  assert_title (self, 1, "draft.example.com");
  assert_title (self, 2, "ready.example.com");
}

static gboolean
has_one (gpointer data)
{
  return g_list_model_get_n_items (data) == 1;
}

static void
search (Fixture *self, const char *words)
{
  GtkWidget *entry = ui_find (self->widget, GTK_TYPE_SEARCH_ENTRY, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), words);
  g_signal_emit_by_name (entry, "search-changed");
  ui_settle ();
}

static void
test_search (Fixture *self, gconstpointer data)
{
  GtkSearchBar *bar;

  cw_home_page_set_store (self->page, self->store, self->profiles);
  add_identity (self, ui_draft_new ("Zoë Example"));
  add_identity (self, ui_draft_new ("Steve Example"));
  bar = GTK_SEARCH_BAR (ui_find (self->widget, GTK_TYPE_SEARCH_BAR, NULL));
  g_assert_false (gtk_search_bar_get_search_mode (bar));
  cw_home_page_toggle_search (self->page);
  g_assert_true (gtk_search_bar_get_search_mode (bar));

  search (self, "zoe");
  ui_wait (has_one, get_model (self));
  assert_title (self, 0, "Zoë Example");
  search (self, "example steve");
  ui_wait (has_one, get_model (self));
  assert_title (self, 0, "Steve Example");

  search (self, "nobody");
  g_assert_true (shows_nothing_found (self));
  search (self, "");
  g_assert_false (shows_nothing_found (self));
  g_assert_cmpuint (g_list_model_get_n_items (get_model (self)), ==, 2);

  cw_home_page_toggle_search (self->page);
  g_assert_false (gtk_search_bar_get_search_mode (bar));
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  cw_store_remove_finish (CW_STORE (source), result, &error);
  g_assert_no_error (error);
}

/* The last one goes, shown or not: that is no search without a result. */
static void
test_removed (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_draft_new ("steve@example.com");

  cw_home_page_set_store (self->page, self->store, self->profiles);
  ui_store_save (self->store, identity);
  if (data)
    {
      cw_home_page_toggle_search (self->page);
      search (self, "nobody");
      g_assert_true (shows_nothing_found (self));
    }

  cw_store_remove_async (self->store, identity, NULL, removed_cb, NULL);
  ui_wait (is_removed, self->store);
  ui_settle ();
  g_assert_cmpstr (shown_page (self), ==, "welcome");
}

static void
open_cb (CwHomePage *page, CwIdentity *identity, CwIdentity **opened)
{
  *opened = identity;
}

static void
test_open (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_draft_new ("steve@example.com");
  CwIdentity *opened = NULL;

  cw_home_page_set_store (self->page, self->store, self->profiles);
  ui_store_save (self->store, identity);
  g_signal_connect (self->page, "open", G_CALLBACK (open_cb), &opened);
  g_signal_emit_by_name (ui_find (self->widget, GTK_TYPE_LIST_VIEW, NULL), "activate", 0);
  g_assert_true (opened == identity);
}

static void
test_freed (void)
{
  CwHomePage *page = g_object_ref_sink (g_object_new (CW_TYPE_HOME_PAGE, NULL));
  g_autoptr (CwStore) store = ui_store_new ();
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (CwIdentity) identity = ui_draft_new ("steve@example.com");
  gpointer welcome;

  cw_home_page_set_store (page, store, profiles);
  welcome = gtk_stack_get_child_by_name (ui_find_stack (GTK_WIDGET (page), "loading"), "welcome");
  g_object_add_weak_pointer (welcome, &welcome);
  ui_store_save (store, identity);
  ui_assert_freed (page);
  g_assert_null (welcome);

  /* Nobody listens any more. */
  cw_identity_set_step (identity, "key");
  ui_store_save (store, identity);
}

#define add(path, function)                                                                        \
  g_test_add ("/home-page/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("loading", test_loading);
  add ("empty", test_empty);
  add ("list", test_list);
  add ("order", test_order);
  add ("search", test_search);
  add ("removed", test_removed);
  g_test_add ("/home-page/removed-while-searching", Fixture, GINT_TO_POINTER (TRUE), set_up,
              test_removed, tear_down);
  add ("open", test_open);
  g_test_add_func ("/home-page/freed", test_freed);

  return ui_test_run ();
}
