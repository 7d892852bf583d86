/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CwPage itself, and what all pages have in common.
 */

#include "config.h"

#include "cw-flow.h"
#include "cw-key-page.h"
#include "cw-page.h"
#include "cw-purpose-page.h"
#include "cw-reply-page.h"
#include "cw-request-page.h"
#include "cw-review-page.h"
#include "cw-subject-page.h"
#include "cw-use-page.h"
#include "ui-test.h"

/* The smallest page there can be. */
#define TEST_TYPE_PAGE (test_page_get_type ())
G_DECLARE_FINAL_TYPE (TestPage, test_page, TEST, PAGE, CwPage)

struct _TestPage
{
  CwPage parent_instance;
};

G_DEFINE_FINAL_TYPE (TestPage, test_page, CW_TYPE_PAGE)

static void
test_page_class_init (TestPageClass *klass)
{
}

static void
test_page_init (TestPage *self)
{
}

static CwPage *
page_new (GType type, CwStore *store, GListModel *profiles, CwIdentity *identity)
{
  return g_object_ref_sink (
      g_object_new (type, "store", store, "profiles", profiles, "identity", identity, NULL));
}

static void
count_cb (CwPage *page, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

static void
test_properties (void)
{
  g_autoptr (CwPage) page = page_new (TEST_TYPE_PAGE, NULL, NULL, NULL);
  guint count = 0;

  g_signal_connect (page, "notify", G_CALLBACK (count_cb), &count);
  g_assert_cmpstr (cw_page_get_next_label (page), ==, "_Next");
  g_assert_false (cw_page_get_complete (page));

  cw_page_set_title (page, "Who Is It For?");
  cw_page_set_description (page, "The name.");
  cw_page_set_next_label (page, NULL);
  cw_page_set_activity (page, "Making the key…");
  cw_page_set_complete (page, TRUE);
  g_assert_cmpuint (count, ==, 5);
  g_assert_cmpstr (cw_page_get_title (page), ==, "Who Is It For?");
  g_assert_cmpstr (cw_page_get_description (page), ==, "The name.");
  g_assert_null (cw_page_get_next_label (page));
  g_assert_cmpstr (cw_page_get_activity (page), ==, "Making the key…");
  g_assert_true (cw_page_get_complete (page));

  /* No change, no notify. */
  cw_page_set_title (page, "Who Is It For?");
  cw_page_set_activity (page, "Making the key…");
  cw_page_set_complete (page, 2);
  g_assert_cmpuint (count, ==, 5);
}

static void
test_profile (void)
{
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (CwIdentity) identity = ui_draft_new (NULL);
  g_autoptr (CwPage) page = page_new (TEST_TYPE_PAGE, NULL, profiles, identity);
  g_autoptr (CwProfile) profile = cw_page_dup_profile (page);

  g_assert_cmpstr (cw_profile_get_id (profile), ==, "placeos");

  cw_identity_set_profile_id (identity, "gone");
  g_assert_null (cw_page_dup_profile (page));
  cw_identity_set_profile_id (identity, NULL);
  g_assert_null (cw_page_dup_profile (page));
  g_object_set (page, "identity", NULL, NULL);
  g_assert_null (cw_page_dup_profile (page));
}

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cw_page_apply_finish (CW_PAGE (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* A page that has nothing to do succeeds, and not before the call returns. */
static void
test_apply_nothing (void)
{
  CwPage *page = page_new (TEST_TYPE_PAGE, NULL, NULL, NULL);
  gboolean done = FALSE;

  cw_page_enter (page);
  cw_page_apply_async (page, NULL, applied_cb, &done);
  g_assert_false (done);
  ui_wait (is_true, &done);
  cw_page_leave (page);
  ui_assert_freed (page);
}

static void
go_to_cb (CwPage *page, guint step, guint *where)
{
  *where = step;
}

static void
open_identity_cb (CwPage *page, CwIdentity *identity, CwIdentity **opened)
{
  *opened = identity;
}

static void
toast_cb (CwPage *page, AdwToast *toast, AdwToast **shown)
{
  g_set_object (shown, toast);
}

static void
undo_cb (CwPage *page)
{
  cw_page_set_title (page, "Undone");
}

static void
dismissed_cb (AdwToast *toast, guint *count)
{
  (*count)++;
}

/* One offer ends before the next, and when the page is left. */
static void
test_undo (void)
{
  CwPage *page = page_new (TEST_TYPE_PAGE, NULL, NULL, NULL);
  GtkWidget *overlay = g_object_ref_sink (adw_toast_overlay_new ());
  g_autoptr (AdwToast) shown = NULL;
  guint n_dismissed = 0;

  g_signal_connect (page, "toast", G_CALLBACK (toast_cb), &shown);
  cw_page_toast_undo (page, "“<b>” removed", undo_cb);
  g_assert_cmpstr (adw_toast_get_title (shown), ==, "“&lt;b&gt;” removed");
  g_assert_cmpstr (adw_toast_get_button_label (shown), ==, "_Undo");
  g_signal_connect (shown, "dismissed", G_CALLBACK (dismissed_cb), &n_dismissed);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (shown));
  cw_page_toast_undo (page, "Another", undo_cb);
  g_assert_cmpuint (n_dismissed, ==, 1);

  g_signal_emit_by_name (shown, "button-clicked");
  g_assert_cmpstr (cw_page_get_title (page), ==, "Undone");
  g_signal_connect (shown, "dismissed", G_CALLBACK (dismissed_cb), &n_dismissed);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (shown));
  cw_page_leave (page);
  g_assert_cmpuint (n_dismissed, ==, 2);
  ui_assert_freed (page);
  ui_assert_freed (overlay);
}

static void
test_signals (void)
{
  g_autoptr (CwPage) page = page_new (TEST_TYPE_PAGE, NULL, NULL, NULL);
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  CwIdentity *opened = NULL;
  g_autoptr (AdwToast) shown = NULL;
  guint where = 99;

  g_signal_connect (page, "go-to", G_CALLBACK (go_to_cb), &where);
  g_signal_connect (page, "open-identity", G_CALLBACK (open_identity_cb), &opened);
  g_signal_connect (page, "toast", G_CALLBACK (toast_cb), &shown);
  cw_page_go_to (page, CW_STEP_KEY);
  cw_page_open_identity (page, identity);
  cw_page_toast (page, "Copied");
  g_assert_cmpuint (where, ==, CW_STEP_KEY);
  g_assert_true (opened == identity);
  g_assert_cmpstr (adw_toast_get_title (shown), ==, "Copied");
}

typedef struct
{
  const char *name;
  GType (*get_type) (void);
  CwIdentity *(*identity_new) (const char *common_name); /* with the least that it needs */
} PageCase;

static const PageCase cases[] = {
  { "purpose", cw_purpose_page_get_type, ui_draft_new },
  { "subject", cw_subject_page_get_type, ui_draft_new },
  { "key", cw_key_page_get_type, ui_draft_new },
  { "review", cw_review_page_get_type, ui_draft_new },
  { "request", cw_request_page_get_type, ui_waiting_new },
  { "reply", cw_reply_page_get_type, ui_draft_new },
  { "use", cw_use_page_get_type, ui_ready_new },
};

static void
test_life (gconstpointer data)
{
  const PageCase *page_case = data;
  CwStore *store = ui_store_new ();
  GListModel *profiles = ui_profiles_new ();
  CwIdentity *identity = page_case->identity_new ("steve@example.com");
  CwPage *page = page_new (page_case->get_type (), store, profiles, identity);

  g_assert_true (CW_IS_PAGE (page));
  cw_page_enter (page);
  g_assert_nonnull (cw_page_get_title (page));
  g_assert_nonnull (cw_page_get_description (page));
  cw_page_leave (page);
  ui_assert_freed (page);

  /* Nothing keeps what the page had. */
  ui_assert_freed (identity);
  ui_assert_freed (profiles);
  ui_assert_freed (store);
}

/* Shown, visited twice, and for another identity the second time. */
static void
test_shown (gconstpointer data)
{
  const PageCase *page_case = data;
  g_autoptr (CwStore) store = ui_store_new ();
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (CwIdentity) first = page_case->identity_new ("steve@example.com");
  g_autoptr (CwIdentity) second = page_case->identity_new ("device.example.com");
  CwPage *page = page_new (page_case->get_type (), store, profiles, first);
  GtkWindow *window = ui_show (GTK_WIDGET (page));

  g_object_unref (page); /* the window's now */
  cw_page_enter (page);
  ui_settle ();
  cw_page_leave (page);
  g_object_set (page, "identity", second, NULL);
  cw_page_enter (page);
  ui_settle ();
  cw_page_leave (page);
  ui_assert_window_freed (window, GTK_WIDGET (page));
}

/* Made, and never needed. */
static void
test_not_entered (gconstpointer data)
{
  const PageCase *page_case = data;

  ui_assert_freed (page_new (page_case->get_type (), NULL, NULL, NULL));
}

/* Freed while it is entered, and works in the background perhaps. */
static void
test_not_left (gconstpointer data)
{
  const PageCase *page_case = data;
  g_autoptr (CwStore) store = ui_store_new ();
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (CwIdentity) identity = page_case->identity_new ("steve@example.com");
  CwPage *page = page_new (page_case->get_type (), store, profiles, identity);
  GtkWindow *window = ui_show (GTK_WIDGET (page));

  g_object_unref (page); /* the window's now */
  cw_page_enter (page);
  ui_assert_window_freed (window, GTK_WIDGET (page));
}

/* The system's CAs are no file: that is said, and cannot be chosen. */
static void
test_use_empty (void)
{
  g_autoptr (CwStore) store = ui_store_new ();
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (CwIdentity) identity = ui_ready_new ("device.example.com");
  g_autoptr (CwCertificate) ca =
      cw_identity_get_chain (identity)
          ? g_object_ref (cw_chain_get_leaf (cw_identity_get_chain (identity)))
          : NULL;
  g_autofree char *pem = cw_certificate_to_pem (ca);
  CwPage *page;
  GtkWindow *window;

  cw_identity_set_profile_id (identity, "thingsboard");
  page = page_new (cw_use_page_get_type (), store, profiles, identity);
  window = ui_show (GTK_WIDGET (page));
  g_object_unref (page); /* the window's now */

  cw_page_enter (page);
  ui_settle ();
  g_assert_true (ui_says (GTK_WIDGET (page), "The system’s own CAs are used"));
  g_assert_false (gtk_widget_get_sensitive (
      ui_find (GTK_WIDGET (page), ADW_TYPE_ACTION_ROW, "CAs of the Server")));
  g_assert_true (
      gtk_widget_get_sensitive (ui_find (GTK_WIDGET (page), ADW_TYPE_ACTION_ROW, "Private Key")));
  cw_page_leave (page);

  cw_identity_set_server_cas (identity, CW_SERVER_CAS_FILE);
  cw_identity_set_server_cas_pem (identity, pem);
  cw_page_enter (page);
  ui_settle ();
  g_assert_false (ui_says (GTK_WIDGET (page), "The system’s own CAs are used"));
  g_assert_true (gtk_widget_get_sensitive (
      ui_find (GTK_WIDGET (page), ADW_TYPE_ACTION_ROW, "CAs of the Server")));
  cw_page_leave (page);
  ui_assert_window_freed (window, GTK_WIDGET (page));
}

static void
add_case (const char *what, const PageCase *page_case, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/page/%s/%s", page_case->name, what);

  g_test_add_data_func (path, page_case, function);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/page/properties", test_properties);
  g_test_add_func ("/page/profile", test_profile);
  g_test_add_func ("/page/apply-nothing", test_apply_nothing);
  g_test_add_func ("/page/signals", test_signals);
  g_test_add_func ("/page/undo", test_undo);
  g_test_add_func ("/page/use/empty", test_use_empty);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      add_case ("life", &cases[i], test_life);
      add_case ("shown", &cases[i], test_shown);
      add_case ("not-entered", &cases[i], test_not_entered);
      add_case ("not-left", &cases[i], test_not_left);
    }

  return ui_test_run ();
}
