/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long it takes from turning to a page until its first frame is drawn, the page
 * being made then: pages DATABASE, where at least one certificate is. Prints
 * "NAME MILLISECONDS" for each of the wizard's pages and the overview.
 */

#include "config.h"

#include <stdio.h>

#include <adwaita.h>

#include "cw-overview-page.h"
#include "cw-profile.h"
#include "cw-wizard.h"

typedef struct
{
  CwStore *store;
  GListModel *profiles;
  CwIdentity *identity; /* that has its certificate */
  GtkWindow *window;
  GtkStack *stack;
  CwWizard *wizard;
  gboolean done;
  gboolean painted;
} Bench;

static void
painted_cb (GdkFrameClock *clock, Bench *self)
{
  self->painted = TRUE;
}

static void
wait_for (gboolean *condition)
{
  while (!*condition)
    g_main_context_iteration (NULL, TRUE);
}

/* Until nothing moves any more. */
static void
settle (void)
{
  const gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static void
report (Bench *self, const char *name, gint64 start)
{
  wait_for (&self->painted);
  printf ("%s %.2f\n", name, (double) (g_get_monotonic_time () - start) / 1000);
  settle ();
}

static void
measure_steps (Bench *self)
{
  for (CwStep step = CW_STEP_PURPOSE; step < CW_N_STEPS; step++)
    {
      const gint64 start = g_get_monotonic_time ();

      self->painted = FALSE;
      cw_wizard_open (self->wizard, self->identity, &step);
      report (self, cw_step_get_name (step), start);
    }
}

static void
measure_overview (Bench *self)
{
  const gint64 start = g_get_monotonic_time ();
  CwOverviewPage *page;

  self->painted = FALSE;
  page = g_object_new (CW_TYPE_OVERVIEW_PAGE, NULL);
  cw_overview_page_set_profiles (page, self->profiles);
  gtk_stack_add_named (self->stack, GTK_WIDGET (page), "overview");
  cw_overview_page_set_identity (page, self->identity);
  gtk_stack_set_visible_child_name (self->stack, "overview");
  report (self, "overview", start);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!cw_store_open_finish (CW_STORE (source), result, &error))
    g_error ("%s", error->message);
  self->done = TRUE;
}

static void
find_certificate (Bench *self)
{
  for (guint i = 0; !self->identity && i < g_list_model_get_n_items (G_LIST_MODEL (self->store));
       i++)
    {
      g_autoptr (CwIdentity) identity = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      if (cw_identity_get_chain (identity))
        self->identity = g_steal_pointer (&identity);
    }
  g_assert_nonnull (self->identity);
}

static void
show_window (Bench *self)
{
  self->wizard = g_object_new (CW_TYPE_WIZARD, NULL);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_transition_type (self->stack, GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT_RIGHT);
  gtk_stack_add_child (self->stack, GTK_WIDGET (self->wizard));
  self->window = GTK_WINDOW (adw_window_new ());
  adw_window_set_content (ADW_WINDOW (self->window), GTK_WIDGET (self->stack));
  gtk_window_set_default_size (self->window, 900, 700);
  cw_wizard_set_store (self->wizard, self->store, self->profiles);
  gtk_window_present (self->window);
  settle ();
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (self->window)), "after-paint",
                    G_CALLBACK (painted_cb), self);
}

int
main (int argc, char **argv)
{
  Bench self = { NULL };

  if (argc != 2)
    return 2;
  adw_init ();
  self.store = cw_store_new (argv[1]);
  self.profiles = cw_profiles_load (NULL);
  cw_store_open_async (self.store, NULL, opened_cb, &self);
  wait_for (&self.done);
  find_certificate (&self);
  show_window (&self);
  measure_steps (&self);
  measure_overview (&self);
  return 0;
}
