/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * That what comes in is judged while the window goes on.
 */

#include "config.h"

#include "cw-reply-page.h"
#include "cw-report.h"
#include "cw-request.h"
#include "ui-test.h"

#include "../core/pki.h"

/* So many make a list of some megabytes, that takes a while. */
#define MANY 60000

typedef struct
{
  Pki pki;
  CwStore *store;
  GListModel *profiles;
  CwIdentity *identity;
  CwReplyPage *page;
  GtkWindow *window;
  guint ticker;
} Fixture;

/* The linker puts the first in the place of the second: see meson.build. */
CwReport *__wrap_cw_report_new (const CwReportInput *input);
CwReport *__real_cw_report_new (const CwReportInput *input);

static GThread *main_thread;
static int n_begun; /* reports */
static int n_freed; /* of them */
static int closed;  /* whether reports wait before they end */
static int n_turns; /* of the main loop */

static void
freed_cb (gpointer data, GObject *report)
{
  g_atomic_int_inc (&n_freed);
}

/* A report does not end before the main loop has gone on beside it. */
CwReport *
__wrap_cw_report_new (const CwReportInput *input)
{
  const int before = g_atomic_int_get (&n_turns);
  CwReport *report;

  g_assert_true (g_thread_self () != main_thread);
  g_atomic_int_inc (&n_begun);
  report = __real_cw_report_new (input);
  g_object_weak_ref (G_OBJECT (report), freed_cb, NULL);
  while (g_atomic_int_get (&closed) || g_atomic_int_get (&n_turns) == before)
    g_usleep (1000);
  return report;
}

static gboolean
turn_cb (gpointer data)
{
  g_atomic_int_inc (&n_turns);
  return G_SOURCE_CONTINUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (CwChain) chain = NULL;

  g_atomic_int_set (&n_begun, 0);
  g_atomic_int_set (&n_freed, 0);
  g_atomic_int_set (&closed, FALSE);
  self->ticker = g_timeout_add (5, turn_cb, NULL);
  pki_init (&self->pki);
  chain = cw_chain_new (self->pki.leaf, NULL, NULL);
  self->store = ui_store_new ();
  self->profiles = ui_profiles_new ();
  self->identity = ui_draft_new ("device-7");
  cw_identity_set_key_fingerprint (self->identity,
                                   cw_certificate_get_key_fingerprint (self->pki.leaf));
  cw_identity_set_chain (self->identity, chain);
  ui_store_save (self->store, self->identity);
  self->page = g_object_new (CW_TYPE_REPLY_PAGE, "store", self->store, "profiles", self->profiles,
                             "identity", self->identity, NULL);
  self->window = ui_show (GTK_WIDGET (self->page));
  cw_page_enter (CW_PAGE (self->page));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->window)
    ui_assert_window_freed (self->window, GTK_WIDGET (self->page));
  ui_assert_freed (self->store);
  g_clear_object (&self->profiles);
  ui_assert_freed (self->identity);
  pki_clear (&self->pki);
  g_source_remove (self->ticker);
}

/* As a file of that name, which is chosen. */
static void
add (Fixture *self, const char *name, GBytes *bytes)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), name, NULL);
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), NULL));
  g_list_store_append (files, file);
  cw_reply_page_add_files (self->page, G_LIST_MODEL (files));
}

static void
add_leaf (Fixture *self)
{
  add (self, "leaf.crt", cw_certificate_get_der (self->pki.leaf));
}

static gboolean
is_complete (gpointer page)
{
  return cw_page_get_complete (page);
}

static gboolean
has_begun (gpointer data)
{
  return g_atomic_int_get (&n_begun) == GPOINTER_TO_INT (data);
}

static void
wait_for_report (int n)
{
  ui_wait (has_begun, GINT_TO_POINTER (n));
}

static gboolean
has_verdict (Fixture *self)
{
  return ui_says (GTK_WIDGET (self->page), "This certificate will");
}

static gboolean
has_nothing (gpointer page)
{
  return ui_says (page, "There is no certificate in it.");
}

static gboolean
has_own_request (gpointer page)
{
  return ui_says (page, "This is the request itself.");
}

static void
open_gate (void)
{
  g_atomic_int_set (&closed, FALSE);
}

static void
test_big_list (Fixture *self, gconstpointer data)
{
  g_autoptr (CwCrl) crl = pki_make_crl (&(PkiCrlSpec){ .issuer = self->pki.middle,
                                                       .issuer_key = self->pki.middle_key,
                                                       .revoked = self->pki.leaf,
                                                       .n_others = MANY });

  g_assert_cmpuint (g_bytes_get_size (cw_crl_get_der (crl)), >, 1 << 20);
  g_atomic_int_set (&closed, TRUE);
  add_leaf (self);
  wait_for_report (1);
  add (self, "issuer.crt", cw_certificate_get_der (self->pki.middle));
  add (self, "list.crl", cw_crl_get_der (crl));
  g_assert_false (is_complete (self->page));
  open_gate ();
  wait_for_report (3);
  ui_wait (is_complete, self->page);
  g_assert_true (has_verdict (self));
  g_assert_true (ui_says (GTK_WIDGET (self->page), "Revoked by its CA on"));
}

/* What was sent to the CA, in place of what comes back. */
static void
test_request (Fixture *self, gconstpointer data)
{
  g_autoptr (CwKey) strange = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (GBytes) own = NULL;
  g_autoptr (GBytes) other = NULL;

  cw_subject_append (cw_request_get_subject (request), "CN", "device-7");
  own = cw_request_create_csr (request, self->pki.leaf_key, NULL);
  other = cw_request_create_csr (request, strange, NULL);
  add (self, "other.csr", other);
  ui_wait (has_nothing, self->page);
  g_assert_false (ui_says (GTK_WIDGET (self->page), "This is the request itself."));
  add (self, "own.csr", own);
  ui_wait (has_own_request, self->page);
  g_assert_false (has_nothing (self->page));
}

/* What comes while something is judged waits until that is shown, and is judged with it. */
static void
test_another (Fixture *self, gconstpointer data)
{
  g_atomic_int_set (&closed, TRUE);
  add_leaf (self);
  wait_for_report (1);
  add (self, "middle.crt", cw_certificate_get_der (self->pki.middle));
  add (self, "root.crt", cw_certificate_get_der (self->pki.root));
  ui_settle ();
  g_assert_cmpint (g_atomic_int_get (&n_begun), ==, 1);
  g_assert_false (is_complete (self->page));
  g_assert_false (has_verdict (self));

  open_gate ();
  wait_for_report (3);
  ui_wait (is_complete, self->page);
  g_assert_true (ui_says (GTK_WIDGET (self->page), "The chain is complete"));
}

static gboolean
is_dropped (gpointer data)
{
  return g_atomic_int_get (&n_freed) > 0;
}

/* What was begun before it was started over is not shown, and what waited for that is not begun. */
static void
test_started_over (Fixture *self, gconstpointer data)
{
  g_atomic_int_set (&closed, TRUE);
  add_leaf (self);
  wait_for_report (1);
  add (self, "root.crt", cw_certificate_get_der (self->pki.root));
  cw_page_leave (CW_PAGE (self->page));
  cw_page_enter (CW_PAGE (self->page));
  open_gate ();
  ui_wait (is_dropped, NULL);
  g_assert_false (is_complete (self->page));
  g_assert_false (has_verdict (self));
  g_assert_cmpint (g_atomic_int_get (&n_begun), ==, 1);

  add_leaf (self);
  ui_wait (is_complete, self->page);
  g_assert_true (has_verdict (self));
}

static gboolean
is_null (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* The window is closed meanwhile. */
static void
test_closed (Fixture *self, gconstpointer data)
{
  gpointer page = self->page;

  g_atomic_int_set (&closed, TRUE);
  add_leaf (self);
  wait_for_report (1);
  g_object_add_weak_pointer (page, &page);
  gtk_window_destroy (g_steal_pointer (&self->window));
  ui_settle ();
  open_gate ();
  ui_wait (is_null, &page);
}

int
main (int argc, char **argv)
{
  main_thread = g_thread_self ();
  ui_test_init (&argc, &argv);

#define add_test(name, function)                                                                   \
  g_test_add ("/ui/reply-page/" name, Fixture, NULL, set_up, function, tear_down)
  add_test ("big-list", test_big_list);
  add_test ("request", test_request);
  add_test ("another", test_another);
  add_test ("started-over", test_started_over);
  add_test ("closed", test_closed);
#undef add_test

  return ui_test_run ();
}
