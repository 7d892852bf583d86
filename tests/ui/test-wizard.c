/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole journey, with a real keyring.
 */

#include "config.h"

#include <sqlite3.h>

#include "cw-field.h"
#include "cw-keyring.h"
#include "cw-page.h"
#include "cw-problem-view.h"
#include "cw-wizard.h"
#include "ui-test.h"

typedef struct
{
  CwStore *store;
  GListModel *profiles;
  CwWizard *wizard;
  GtkWidget *widget; /* the wizard */
  GtkStack *stack;
  GtkWindow *window;
  guint closed;
  CwIdentity *closed_with;
} Fixture;

static void
closed_cb (CwWizard *wizard, CwIdentity *identity, Fixture *self)
{
  self->closed++;
  self->closed_with = identity;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->store = ui_store_new ();
  self->profiles = ui_profiles_new ();
  self->wizard = g_object_new (CW_TYPE_WIZARD, NULL);
  self->widget = GTK_WIDGET (self->wizard);
  self->window = ui_show (self->widget);
  self->stack = GTK_STACK (ui_find (self->widget, GTK_TYPE_STACK, NULL));
  g_signal_connect (self->wizard, "closed", G_CALLBACK (closed_cb), self);
  cw_wizard_set_store (self->wizard, self->store, self->profiles);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ui_assert_window_freed (self->window, self->widget);
  ui_assert_freed (self->profiles);
  ui_assert_freed (self->store);
}

static gboolean
is_shown (Fixture *self, CwStep step)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), cw_step_get_name (step)) == 0;
}

#define assert_step(self, step)                                                                    \
  g_assert_cmpstr (gtk_stack_get_visible_child_name ((self)->stack), ==, cw_step_get_name (step))

typedef struct
{
  Fixture *self;
  CwStep step;
} Awaited;

static gboolean
is_reached (gpointer data)
{
  Awaited *awaited = data;
  GtkWidget *problem = gtk_stack_get_visible_child (awaited->self->stack);

  problem = ui_find (problem, CW_TYPE_PROBLEM_VIEW, NULL);
  if (gtk_widget_get_visible (problem))
    g_error ("The wizard shows a problem: %s",
             gtk_label_get_label (GTK_LABEL (ui_find (problem, GTK_TYPE_LABEL, NULL))));
  return is_shown (awaited->self, awaited->step);
}

static void
wait_for_step (Fixture *self, CwStep step)
{
  Awaited awaited = { self, step };

  ui_wait (is_reached, &awaited);
  ui_settle ();
}

static void
press (Fixture *self, const char *label)
{
  ui_click (ui_find (self->widget, GTK_TYPE_BUTTON, label));
}

static gboolean
can_press (Fixture *self, const char *label)
{
  GtkWidget *button = ui_find (self->widget, GTK_TYPE_BUTTON, label);

  return gtk_widget_get_visible (button) && gtk_widget_is_sensitive (button);
}

static GtkWidget *
name_field (Fixture *self)
{
  return ui_find (self->widget, CW_TYPE_FIELD, "Name or e-mail address");
}

static guint
n_saved (Fixture *self)
{
  g_autoptr (CwStore) other = ui_store_reopen (self->store);

  return g_list_model_get_n_items (G_LIST_MODEL (other));
}

static char *
saved_name (Fixture *self, CwIdentity *identity)
{
  g_autoptr (CwStore) other = ui_store_reopen (self->store);
  CwIdentity *saved = cw_store_find (other, cw_identity_get_id (identity));

  return saved ? g_strdup (cw_subject_get (cw_request_get_subject (cw_identity_get_request (saved)),
                                           "CN"))
               : NULL;
}

typedef struct
{
  Fixture *self;
  CwIdentity *identity;
  const char *name;
} Saved;

static gboolean
is_saved (gpointer data)
{
  Saved *saved = data;
  g_autofree char *name = saved_name (saved->self, saved->identity);

  g_main_context_iteration (NULL, FALSE);
  return g_strcmp0 (name, saved->name) == 0;
}

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

static gboolean
flush (Fixture *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_wizard_flush_async (self->wizard, result_cb, &result);
  ui_wait (is_set, &result);
  return cw_wizard_flush_finish (self->wizard, result, error);
}

/* Steps */

static void
test_steps (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) draft = ui_draft_new (NULL);

  cw_wizard_open (self->wizard, draft, NULL);
  assert_step (self, CW_STEP_PURPOSE);
  press (self, "Next");
  wait_for_step (self, CW_STEP_SUBJECT);
  g_assert_cmpstr (cw_identity_get_step (draft), ==, "subject");
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (self->window), name_field (self)));

  /* Without a name it does not go on. */
  g_assert_false (can_press (self, "Next"));
  ui_type (name_field (self), "steve@example.com");
  g_assert_true (can_press (self, "Next"));
  g_assert_true (ui_says (self->widget, "steve@example.com"));
  press (self, "Next");
  wait_for_step (self, CW_STEP_KEY);
  press (self, "Next");
  wait_for_step (self, CW_STEP_REVIEW);
  g_assert_true (can_press (self, "Create Request"));

  press (self, "Back");
  assert_step (self, CW_STEP_KEY);
  press (self, "Back");
  assert_step (self, CW_STEP_SUBJECT);
  g_assert_cmpstr (cw_field_get_text (CW_FIELD (name_field (self))), ==, "steve@example.com");
  press (self, "Back");
  assert_step (self, CW_STEP_PURPOSE);
  g_assert_cmpuint (self->closed, ==, 0);
  press (self, "Back");
  g_assert_cmpuint (self->closed, ==, 1);
  g_assert_null (self->closed_with);
}

static gboolean
is_in_view (gpointer data)
{
  GtkWidget *view = gtk_widget_get_ancestor (data, GTK_TYPE_SCROLLED_WINDOW);
  graphene_rect_t bounds;

  g_main_context_iteration (NULL, FALSE);
  return gtk_widget_get_height (data) > 0 && gtk_widget_compute_bounds (data, view, &bounds) &&
         bounds.origin.y >= 0 &&
         bounds.origin.y + bounds.size.height <= gtk_widget_get_height (view);
}

/* What is added below the window's edge is what is typed into next. */
static void
test_added_in_view (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_SUBJECT;
  g_autoptr (CwIdentity) draft = ui_draft_new ("steve");
  GtkWidget *page, *field;

  cw_wizard_open (self->wizard, draft, &step);
  ui_wait (is_in_view, name_field (self));
  page = gtk_widget_get_ancestor (name_field (self), CW_TYPE_PAGE);
  for (guint i = 0; i < 20; i++)
    gtk_widget_activate_action (page, "subject.add-name", "s", "ip");
  gtk_widget_activate_action (page, "subject.add-name", "s", "uri");
  field = ui_find (self->widget, CW_TYPE_FIELD, cw_alt_name_kind_get_title (CW_ALT_NAME_URI));
  ui_wait (is_in_view, field);
  g_assert_false (is_in_view (name_field (self)));
}

/* Pages that are not shown are not there for a screen reader. */
static void
test_hidden (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) draft = ui_draft_new ("steve@example.com");

  cw_wizard_open (self->wizard, draft, NULL);
  press (self, "Next");
  wait_for_step (self, CW_STEP_SUBJECT);
  gtk_test_accessible_assert_state (
      GTK_ACCESSIBLE (gtk_stack_get_child_by_name (self->stack, "purpose")),
      GTK_ACCESSIBLE_STATE_HIDDEN, TRUE);
  gtk_test_accessible_assert_state (
      GTK_ACCESSIBLE (gtk_stack_get_child_by_name (self->stack, "subject")),
      GTK_ACCESSIBLE_STATE_HIDDEN, FALSE);
}

/* Whoever wants nothing to move is told by words alone that something is being done. */
static void
test_motion (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) draft = ui_draft_new ("steve@example.com");
  GtkSettings *settings = gtk_widget_get_settings (self->widget);
  GtkWidget *bar = ui_find (self->widget, GTK_TYPE_PROGRESS_BAR, NULL);
  CwPage *page;

  cw_wizard_open (self->wizard, draft, NULL);
  page = CW_PAGE (ui_find (self->widget, CW_TYPE_PAGE, NULL));
  g_object_set (settings, "gtk-enable-animations", TRUE, NULL);
  cw_page_set_activity (page, "Making the key…");
  g_assert_true (ui_says (self->widget, "Making the key…"));
  g_assert_true (gtk_widget_get_visible (bar));

  cw_page_set_activity (page, NULL);
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  cw_page_set_activity (page, "Making the request…");
  g_assert_true (ui_says (self->widget, "Making the request…"));
  g_assert_false (gtk_widget_get_visible (bar));
  cw_page_set_activity (page, NULL);
  gtk_settings_reset_property (settings, "gtk-enable-animations");
}

static void
test_resumes (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) draft = ui_draft_new ("steve@example.com");
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("device.example.com");

  cw_identity_set_step (draft, "key");
  cw_wizard_open (self->wizard, draft, NULL);
  assert_step (self, CW_STEP_KEY);
  cw_wizard_open (self->wizard, waiting, NULL);
  assert_step (self, CW_STEP_REPLY);
}

/* Signed here */

static gboolean
has_chain (gpointer identity)
{
  return cw_identity_get_chain (identity) != NULL;
}

static gboolean
is_closed (gpointer data)
{
  return ((Fixture *) data)->closed > 0;
}

/* Nothing to send and nothing to wait for: from the review to the test. */
static void
test_self_signed (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_REVIEW;
  g_autoptr (CwIdentity) draft = ui_draft_new ("device-7");

  cw_identity_set_signer (draft, CW_SIGNER_SELF);
  ui_store_save (self->store, draft);
  cw_wizard_open (self->wizard, draft, &step);
  g_assert_true (ui_says (self->widget, "365 days, until"));
  press (self, "Create Certificate");
  ui_wait (has_chain, draft);
  wait_for_step (self, CW_STEP_TEST);
  g_assert_null (cw_identity_get_csr (draft));
  g_assert_true (cw_certificate_is_self_signed (cw_chain_get_leaf (cw_identity_get_chain (draft))));
}

static void
test_authority (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_REVIEW;
  g_autoptr (CwIdentity) authority = cw_identity_new_authority ();

  cw_subject_append (cw_request_get_subject (cw_identity_get_request (authority)), "CN", "Test CA");
  ui_store_save (self->store, authority);
  cw_wizard_open (self->wizard, authority, &step);
  g_assert_false (ui_says (self->widget, "What it is for"));
  press (self, "Create CA");
  ui_wait (is_closed, self);
  g_assert_true (self->closed_with == authority);
  g_assert_true (cw_certificate_is_ca (cw_chain_get_leaf (cw_identity_get_chain (authority))));
}

/* What was to sign it has been deleted meanwhile: nothing is made, and nothing lost. */
static void
test_authority_gone (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_REVIEW;
  g_autoptr (CwIdentity) draft = ui_draft_new ("device-7");

  cw_identity_set_signer (draft, CW_SIGNER_AUTHORITY);
  cw_identity_set_authority_id (draft, "f0e1d2c3");
  ui_store_save (self->store, draft);
  cw_wizard_open (self->wizard, draft, &step);
  press (self, "Create Certificate");
  ui_settle ();
  g_assert_true (ui_says (self->widget, "The private CA that was to sign is no longer here."));
  assert_step (self, CW_STEP_REVIEW);
  g_assert_null (cw_identity_get_chain (draft));
}

/* Saving */

static void
test_saves_draft (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_SUBJECT;
  g_autoptr (CwIdentity) draft = ui_draft_new (NULL);
  Saved saved = { self, draft, "steve" };

  cw_wizard_open (self->wizard, draft, &step);
  ui_type (name_field (self), "steve");
  ui_wait (is_saved, &saved);
  ui_type (name_field (self), "steven");
  saved.name = "steven";
  ui_wait (is_saved, &saved);
}

static void
test_flush (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_SUBJECT;
  g_autoptr (CwIdentity) draft = ui_draft_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  cw_wizard_open (self->wizard, draft, &step);
  ui_type (name_field (self), "steve");
  flush (self, &error);
  g_assert_no_error (error);
  name = saved_name (self, draft);
  g_assert_cmpstr (name, ==, "steve");
}

/* Looked at and closed again: nobody wants an empty draft in the list. */
static void
test_blank (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) draft = ui_draft_new (NULL);
  g_autoptr (GError) error = NULL;

  cw_wizard_open (self->wizard, draft, NULL);
  press (self, "Next");
  wait_for_step (self, CW_STEP_SUBJECT);
  press (self, "Back");
  press (self, "Back");
  g_assert_cmpuint (self->closed, ==, 1);
  flush (self, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_saved (self), ==, 0);

  /* From the first entry on it is kept, also when that is taken back. */
  cw_wizard_open (self->wizard, draft, NULL);
  press (self, "Next");
  wait_for_step (self, CW_STEP_SUBJECT);
  ui_type (name_field (self), "s");
  ui_type (name_field (self), "");
  flush (self, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_saved (self), ==, 1);
}

/* Opening another one saves the first. */
static void
test_switch (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_SUBJECT;
  g_autoptr (CwIdentity) first = ui_draft_new (NULL);
  g_autoptr (CwIdentity) second = ui_draft_new (NULL);
  Saved saved = { self, first, "steve" };

  cw_wizard_open (self->wizard, first, &step);
  ui_type (name_field (self), "steve");
  cw_wizard_open (self->wizard, second, &step);
  g_assert_cmpstr (cw_field_get_text (CW_FIELD (name_field (self))), ==, "");
  ui_wait (is_saved, &saved);
}

/* Another program holds the database; what was typed can be saved later. */
static void
test_retry (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_SUBJECT;
  g_autoptr (CwIdentity) draft = ui_draft_new (NULL);
  g_autoptr (GError) error = NULL;
  Saved saved = { self, draft, "steve" };
  GtkWidget *problem;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (cw_store_get_path (self->store), &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  cw_wizard_open (self->wizard, draft, &step);
  ui_type (name_field (self), "steve");
  g_assert_false (flush (self, &error));
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_LOCKED);
  problem = ui_find (gtk_stack_get_visible_child (self->stack), CW_TYPE_PROBLEM_VIEW, NULL);
  g_assert_true (ui_says (problem, error->message));

  g_assert_cmpint (sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  ui_click (ui_find (problem, GTK_TYPE_BUTTON, "Try Again"));
  g_assert_false (gtk_widget_get_visible (problem));
  ui_wait (is_saved, &saved);
}

/* The journey */

static GFile *
write_reply (CwIdentity *identity, CwSecret *pem)
{
  g_autoptr (CwKey) key = cw_key_new_from_pem (pem, NULL, NULL);
  g_autoptr (CwChain) chain = ui_chain_new_for_key ("steve@example.com", key, TRUE);
  g_autofree char *text = cw_chain_to_pem (chain, TRUE);
  g_autofree char *path =
      g_strdup_printf ("%s/%s.pem", g_get_home_dir (), cw_identity_get_id (identity));

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return g_file_new_for_path (path);
}

static CwSecret *
look_up_key (CwIdentity *identity)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CwSecret *pem;

  cw_keyring_lookup_async (cw_identity_get_id (identity),
                           cw_identity_get_key_fingerprint (identity), NULL, result_cb, &result);
  ui_wait (is_set, &result);
  pem = cw_keyring_lookup_finish (result, &error);
  g_assert_no_error (error);
  return pem;
}

static gboolean
can_accept (gpointer data)
{
  return can_press (data, "Accept Certificate");
}

static gboolean
has_output (gpointer data)
{
  return can_press (data, "Copy");
}

static void
test_journey (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_REVIEW;
  g_autoptr (CwIdentity) draft = ui_draft_new ("steve@example.com");
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr (CwSecret) pem = NULL;
  g_autoptr (GFile) file = NULL;

  cw_wizard_open (self->wizard, draft, &step);
  g_signal_emit_by_name (ui_find (self->widget, GTK_TYPE_BUTTON, "Create Request"), "clicked");
  g_assert_true (can_press (self, "Cancel"));
  wait_for_step (self, CW_STEP_REQUEST);
  g_assert_cmpint (cw_identity_get_state (draft, NULL), ==, CW_IDENTITY_WAITING);
  g_assert_true (ui_says (self->widget, "BEGIN CERTIFICATE REQUEST"));
  pem = look_up_key (draft);
  g_assert_nonnull (pem);

  press (self, "I Have the Reply");
  wait_for_step (self, CW_STEP_REPLY);
  g_assert_false (can_press (self, "Accept Certificate"));
  file = write_reply (draft, pem);
  g_list_store_append (files, file);
  cw_wizard_add_files (self->wizard, G_LIST_MODEL (files));
  ui_wait (can_accept, self);
  g_assert_true (ui_says (self->widget, "Intermediate, valid until"));
  press (self, "Accept Certificate");
  wait_for_step (self, CW_STEP_TEST);
  g_assert_cmpint (cw_identity_get_state (draft, NULL), ==, CW_IDENTITY_READY);

  press (self, "Next");
  wait_for_step (self, CW_STEP_USE);
  ui_wait (has_output, self);

  press (self, "Done");
  ui_settle ();
  g_assert_cmpuint (self->closed, ==, 1);
  g_assert_true (self->closed_with == draft);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* What was asked for is fixed, and a new request takes it over. */
static void
test_read_only (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_SUBJECT;
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("steve@example.com");
  g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_DNS, "example.com");
  g_autoptr (GError) error = NULL;
  guint n_changes = 0;

  cw_request_add_alt_name (cw_identity_get_request (waiting), name);
  ui_store_save (self->store, waiting);
  g_signal_connect_swapped (waiting, "changed", G_CALLBACK (count_cb), &n_changes);
  cw_wizard_open (self->wizard, waiting, &step);
  g_assert_false (gtk_editable_get_editable (GTK_EDITABLE (name_field (self))));
  g_assert_cmpstr (cw_field_get_text (CW_FIELD (name_field (self))), ==, "steve@example.com");
  g_assert_cmpuint (n_changes, ==, 0); /* looking changes nothing */

  press (self, "Start a New Request");
  assert_step (self, CW_STEP_SUBJECT);
  g_assert_true (gtk_editable_get_editable (GTK_EDITABLE (name_field (self))));
  ui_type (name_field (self), "device.example.com");
  flush (self, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_saved (self), ==, 2);
  g_assert_cmpstr (
      cw_subject_get (cw_request_get_subject (cw_identity_get_request (waiting)), "CN"), ==,
      "steve@example.com");
}

/* Looking at what is fixed leads on without doing anything. */
static void
test_read_only_next (Fixture *self, gconstpointer data)
{
  const CwStep step = CW_STEP_KEY;
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("steve@example.com");

  cw_wizard_open (self->wizard, waiting, &step);
  press (self, "Next");
  assert_step (self, CW_STEP_REQUEST);
}

static void
test_import (Fixture *self, gconstpointer data)
{
  cw_wizard_open_import (self->wizard);
  assert_step (self, CW_STEP_REPLY);
  g_assert_true (ui_says (self->widget, "Import Your Files"));
  g_assert_false (can_press (self, "Import"));
  press (self, "Back");
  g_assert_cmpuint (self->closed, ==, 1);
}

static void
test_freed (void)
{
  CwWizard *wizard = g_object_new (CW_TYPE_WIZARD, NULL);
  GtkWindow *window = ui_show (GTK_WIDGET (wizard));
  g_autoptr (CwStore) store = ui_store_new ();
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (CwIdentity) draft = ui_draft_new ("steve@example.com");

  cw_wizard_set_store (wizard, store, profiles);
  cw_wizard_open (wizard, draft, NULL);
  ui_assert_window_freed (window, GTK_WIDGET (wizard));
  cw_identity_set_step (draft, "key"); /* nobody listens any more */
  ui_assert_freed (g_object_ref_sink (g_object_new (CW_TYPE_WIZARD, NULL)));
}

#define add(path, function) g_test_add ("/wizard/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("steps", test_steps);
  add ("added-in-view", test_added_in_view);
  add ("hidden", test_hidden);
  add ("motion", test_motion);
  add ("resumes", test_resumes);
  add ("self-signed", test_self_signed);
  add ("authority", test_authority);
  add ("authority-gone", test_authority_gone);
  add ("saves-draft", test_saves_draft);
  add ("flush", test_flush);
  add ("blank", test_blank);
  add ("switch", test_switch);
  add ("retry", test_retry);
  add ("journey", test_journey);
  add ("read-only", test_read_only);
  add ("read-only-next", test_read_only_next);
  add ("import", test_import);
  g_test_add_func ("/wizard/freed", test_freed);

  return ui_test_run ();
}
