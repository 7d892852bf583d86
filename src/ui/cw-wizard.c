/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-button-box.h"
#include "cw-dialogs.h"
#include "cw-journey-bar.h"
#include "cw-key-page.h"
#include "cw-problem-view.h"
#include "cw-purpose-page.h"
#include "cw-reply-page.h"
#include "cw-request-page.h"
#include "cw-review-page.h"
#include "cw-subject-page.h"
#include "cw-test-page.h"
#include "cw-use-page.h"
#include "cw-wizard.h"

/* How long after a key stroke a draft is saved, in ms: a crash loses no more. */
#define SAVE_DELAY 400

/* One step's page, with what the wizard puts around it. */
typedef struct
{
  CwPage *page;
  GtkWidget *child; /* of the stack */
  CwProblemView *problem;
  GtkWidget *read_only; /* says that its choices are fixed */
  GtkLabel *read_only_label;
  GtkButton *new_button;
} Slot;

struct _CwWizard
{
  AdwBin parent_instance;

  AdwWindowTitle *window_title;
  GtkWidget *back_button;
  GtkWidget *cancel_button;
  GtkWidget *next_button;
  GtkLabel *next_label;
  CwJourneyBar *journey_bar;
  GtkRevealer *activity_revealer;
  GtkLabel *activity;
  GtkProgressBar *progress;
  GtkStack *stack;

  CwStore *store;
  GListModel *profiles;
  CwIdentity *identity; /* NULL while importing */
  CwStep step;
  gboolean open;
  Slot slots[CW_N_STEPS];
  GCancellable *cancellable; /* while a page applies */
  CwIdentity *applying;      /* the identity that it applies to; NULL while importing */
  guint pulse;
  guint save;
  guint n_saving;
  GTask *flush; /* ends when nothing is being saved any more */
  GError *flush_error;
  GPtrArray *unsaved; /* the identities that have changed since, or could not be saved */
  char *blank;        /* what a new one asks for before anything is entered; or NULL */
};

G_DEFINE_FINAL_TYPE (CwWizard, cw_wizard, ADW_TYPE_BIN)

enum
{
  CLOSED,
  TOAST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  CwWizard *wizard;
  CwIdentity *identity;
} Saving;

static void show_step (CwWizard *self, CwStep step);

static GType
step_get_page_type (CwStep step)
{
  switch (step)
    {
    case CW_STEP_PURPOSE:
      return CW_TYPE_PURPOSE_PAGE;
    case CW_STEP_SUBJECT:
      return CW_TYPE_SUBJECT_PAGE;
    case CW_STEP_KEY:
      return CW_TYPE_KEY_PAGE;
    case CW_STEP_REVIEW:
      return CW_TYPE_REVIEW_PAGE;
    case CW_STEP_REQUEST:
      return CW_TYPE_REQUEST_PAGE;
    case CW_STEP_REPLY:
      return CW_TYPE_REPLY_PAGE;
    case CW_STEP_TEST:
      return CW_TYPE_TEST_PAGE;
    case CW_STEP_USE:
      return CW_TYPE_USE_PAGE;
    }
  g_return_val_if_reached (G_TYPE_INVALID);
}

/* Saving */

static void
end_flush (CwWizard *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->flush);

  if (self->flush_error)
    g_task_return_error (task, g_steal_pointer (&self->flush_error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
add_unsaved (CwWizard *self, CwIdentity *identity)
{
  if (!g_ptr_array_find (self->unsaved, identity, NULL))
    g_ptr_array_add (self->unsaved, g_object_ref (identity));
}

/* What could not be saved is kept for the next try, also when another identity
 * is on the screen by then. */
static void
show_save_error (CwWizard *self, CwIdentity *identity, const GError *error)
{
  if (g_error_matches (error, CW_STORE_ERROR, CW_STORE_ERROR_REMOVED))
    return; /* it was deleted meanwhile: there is nothing to keep */

  add_unsaved (self, identity);
  if (self->open && identity == self->identity)
    cw_problem_view_set_error (self->slots[self->step].problem, error, TRUE);
  else if (!self->flush) /* whoever closes is asked there */
    cw_dialog_show_error (GTK_WIDGET (self), _ ("It Could Not Be Saved"), error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Saving *saving = user_data;
  g_autoptr (CwWizard) self = saving->wizard;
  g_autoptr (CwIdentity) identity = saving->identity;
  g_autoptr (GError) error = NULL;

  self->n_saving--;
  if (!cw_store_save_finish (CW_STORE (source), result, &error) && self->store)
    show_save_error (self, identity, error);
  if (self->flush && error && !self->flush_error &&
      !g_error_matches (error, CW_STORE_ERROR, CW_STORE_ERROR_REMOVED))
    self->flush_error = g_steal_pointer (&error);
  if (self->flush && self->n_saving == 0)
    end_flush (self);
}

static void
save (CwWizard *self)
{
  g_autoptr (GPtrArray) unsaved = g_steal_pointer (&self->unsaved);

  g_clear_handle_id (&self->save, g_source_remove);
  self->unsaved = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < unsaved->len; i++)
    {
      Saving *saving = g_new (Saving, 1);

      saving->wizard = g_object_ref (self);
      saving->identity = g_object_ref (unsaved->pdata[i]);
      self->n_saving++;
      cw_store_save_async (self->store, saving->identity, NULL, saved_cb, saving);
    }
}

static gboolean
save_timeout_cb (gpointer user_data)
{
  CwWizard *self = user_data;

  self->save = 0;
  /* Enrolment saves what it does itself, in its own order. */
  if (!self->cancellable)
    save (self);

  return G_SOURCE_REMOVE;
}

/* Nobody misses a draft in which nothing was entered; in the list it would be in the way. */
static gboolean
is_blank (CwWizard *self)
{
  g_autofree char *text = NULL;

  if (!self->blank || self->step == CW_STEP_PURPOSE)
    return self->blank != NULL;

  text = cw_request_to_text (cw_identity_get_request (self->identity));
  if (!g_str_equal (text, self->blank))
    g_clear_pointer (&self->blank, g_free);
  return self->blank != NULL;
}

static void
set_blank (CwWizard *self)
{
  g_free (self->blank);
  self->blank = cw_request_to_text (cw_identity_get_request (self->identity));
}

static void
identity_changed_cb (CwWizard *self)
{
  g_autofree char *title = cw_identity_get_title (self->identity);

  adw_window_title_set_title (self->window_title, title);
  if (self->open && self->step == CW_STEP_PURPOSE) /* who signs decides where it leads */
    cw_journey_bar_update (self->journey_bar, self->identity, self->step);
  if (self->cancellable || is_blank (self))
    return;

  add_unsaved (self, self->identity);
  if (self->save == 0)
    self->save = g_timeout_add (SAVE_DELAY, save_timeout_cb, self);
}

static void
set_identity (CwWizard *self, CwIdentity *identity)
{
  if (self->identity)
    {
      save (self);
      g_signal_handlers_disconnect_by_data (self->identity, self);
    }

  g_set_object (&self->identity, identity);
  g_clear_pointer (&self->blank, g_free);

  if (identity)
    {
      g_autofree char *title = cw_identity_get_title (identity);

      g_signal_connect_object (identity, "changed", G_CALLBACK (identity_changed_cb), self,
                               G_CONNECT_SWAPPED);
      adw_window_title_set_title (self->window_title, title);
    }
  else
    {
      adw_window_title_set_title (self->window_title, _ ("Your Files"));
    }

  for (CwStep step = 0; step < CW_N_STEPS; step++)
    if (self->slots[step].page)
      g_object_set (self->slots[step].page, "identity", identity, NULL);
}

/* Buttons */

/* What Enter does in an entry. */
static void
set_default (CwWizard *self, GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    gtk_window_set_default_widget (GTK_WINDOW (root), widget);
}

/* With large text a long label has several lines, but not one for each word. */
static int
get_least_width (const char *label)
{
  return label && g_utf8_strlen (label, -1) > 10 ? 10 : -1;
}

static void
update_buttons (CwWizard *self)
{
  CwPage *page = self->slots[self->step].page;
  const gboolean busy = cw_wizard_is_busy (self);
  const char *label = cw_page_get_next_label (page);

  gtk_widget_set_visible (self->back_button, !busy);
  gtk_widget_set_visible (self->cancel_button, busy);
  gtk_widget_set_visible (self->next_button, label != NULL && !busy);
  gtk_label_set_label (self->next_label, label ? label : "");
  gtk_label_set_width_chars (self->next_label, get_least_width (label));
  gtk_widget_set_sensitive (self->next_button, cw_page_get_complete (page));
  set_default (self, self->next_button);
  gtk_widget_set_sensitive (GTK_WIDGET (self->journey_bar), !busy);
  /* What is being applied must not change meanwhile. The keyboard goes first: an
   * entry that is made insensitive while it has it never learns that it has lost it. */
  if (busy)
    gtk_widget_grab_focus (self->cancel_button);
  gtk_widget_set_sensitive (GTK_WIDGET (page), !busy);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->stack), GTK_ACCESSIBLE_STATE_BUSY, busy, -1);
}

static gboolean
pulse_cb (gpointer user_data)
{
  CwWizard *self = user_data;

  gtk_progress_bar_pulse (self->progress);
  return G_SOURCE_CONTINUE;
}

static void
update_activity (CwWizard *self)
{
  const char *activity = cw_page_get_activity (self->slots[self->step].page);
  gboolean moves;

  if (activity)
    gtk_label_set_label (self->activity, activity);
  gtk_revealer_set_reveal_child (self->activity_revealer, activity != NULL);

  /* For those who want nothing to move, the words alone: how far it is nobody knows. */
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &moves, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), moves);
  if (activity && moves && self->pulse == 0)
    self->pulse = g_timeout_add (100, pulse_cb, self);
  else if (!activity || !moves)
    g_clear_handle_id (&self->pulse, g_source_remove);
}

static void
page_notify_cb (CwWizard *self, GParamSpec *pspec, CwPage *page)
{
  if (!self->open || page != self->slots[self->step].page)
    return;

  update_buttons (self);
  update_activity (self);
}

static void
toast_cb (CwWizard *self, AdwToast *toast)
{
  g_signal_emit (self, signals[TOAST], 0, toast);
}

/* Pages */

static void
new_request_cb (CwWizard *self)
{
  g_autoptr (CwIdentity) identity = cw_identity_new_renewal (self->identity);

  cw_wizard_open (self, identity, &self->step);
}

/* What stands above a page whose choices are fixed. */
static void
add_read_only_box (CwWizard *self, Slot *slot)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0, NULL);
  GtkWidget *button = gtk_button_new ();

  slot->read_only = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  slot->read_only_label = GTK_LABEL (label);
  slot->new_button = GTK_BUTTON (button);
  gtk_widget_add_css_class (slot->read_only, "card");
  gtk_widget_add_css_class (slot->read_only, "notice");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (new_request_cb), self);
  gtk_box_append (GTK_BOX (slot->read_only), label);
  gtk_box_append (GTK_BOX (slot->read_only), button);
}

static void
update_read_only_box (CwWizard *self, Slot *slot, gboolean editable)
{
  const gboolean request =
      self->identity && cw_identity_get_signer (self->identity) == CW_SIGNER_CA;

  gtk_label_set_label (
      slot->read_only_label,
      request
          ? _ ("The request has been made, so this can no longer be changed. To ask for something "
               "else, start a new request with the same entries.")
          : _ ("The certificate has been made, so this can no longer be changed. For another one, "
               "start again with the same entries."));
  gtk_button_set_label (slot->new_button,
                        request ? _ ("Start a New Request") : _ ("Start a New Certificate"));
  gtk_widget_set_visible (slot->read_only, !editable);
}

static GtkWidget *
heading_new (CwPage *page, const char *property, const char *css_class, GtkAccessibleRole role)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                                   "justify", GTK_JUSTIFY_CENTER, "accessible-role", role, NULL);

  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  g_object_bind_property (page, property, label, "label", G_BINDING_SYNC_CREATE);
  return label;
}

static void
retry_cb (CwWizard *self)
{
  cw_problem_view_set_error (self->slots[self->step].problem, NULL, FALSE);
  save (self);
}

static void
go_to_cb (CwWizard *self, guint step)
{
  if (!cw_wizard_is_busy (self))
    show_step (self, step);
}

/* What was accepted or imported for another entry goes on as what is open does: to the test. */
static void
open_identity_cb (CwWizard *self, CwIdentity *identity)
{
  const CwStep step = CW_STEP_TEST;
  const gboolean done =
      cw_identity_get_chain (identity) && !cw_identity_get_is_authority (identity);

  cw_wizard_open (self, identity, done ? &step : NULL);
}

static void
wrap_page (CwWizard *self, Slot *slot)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *clamp = adw_clamp_new ();

  gtk_widget_add_css_class (box, "page");
  gtk_box_append (GTK_BOX (box),
                  heading_new (slot->page, "title", "title-1", GTK_ACCESSIBLE_ROLE_HEADING));
  gtk_box_append (GTK_BOX (box),
                  heading_new (slot->page, "description", NULL, GTK_ACCESSIBLE_ROLE_LABEL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (slot->problem));
  gtk_box_append (GTK_BOX (box), slot->read_only);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (slot->page));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 640);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  slot->child = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                              "child", clamp, NULL);
}

/* Pages are made when they are first shown: most starts need only one. */
static Slot *
ensure_page (CwWizard *self, CwStep step)
{
  Slot *slot = &self->slots[step];

  if (slot->page)
    return slot;

  slot->page = g_object_new (step_get_page_type (step), "store", self->store, "profiles",
                             self->profiles, "identity", self->identity, NULL);
  slot->problem = cw_problem_view_new ();
  add_read_only_box (self, slot);
  wrap_page (self, slot);
  gtk_stack_add_named (self->stack, slot->child, cw_step_get_name (step));

  g_signal_connect_object (slot->problem, "retry", G_CALLBACK (retry_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (slot->page, "notify", G_CALLBACK (page_notify_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (slot->page, "go-to", G_CALLBACK (go_to_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (slot->page, "open-identity", G_CALLBACK (open_identity_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (slot->page, "toast", G_CALLBACK (toast_cb), self, G_CONNECT_SWAPPED);
  return slot;
}

static void
leave_page (CwWizard *self)
{
  if (self->open)
    cw_page_leave (self->slots[self->step].page);
  if (self->open && self->blank && self->step == CW_STEP_PURPOSE)
    set_blank (self); /* the consumer's wishes are not the person's */
  self->open = FALSE;
}

static void
focus_first (Slot *slot)
{
  CwPageClass *klass = CW_PAGE_GET_CLASS (slot->page);
  GtkWidget *first = klass->get_first ? klass->get_first (slot->page) : NULL;

  if (!gtk_widget_grab_focus (first ? first : GTK_WIDGET (slot->page)))
    gtk_widget_child_focus (slot->child, GTK_DIR_TAB_FORWARD);
}

static void
show_step (CwWizard *self, CwStep step)
{
  Slot *slot = ensure_page (self, step);
  const gboolean editable = !self->identity || cw_flow_is_editable (self->identity, step);

  leave_page (self);
  self->step = step;
  self->open = TRUE;

  cw_problem_view_set_error (slot->problem, NULL, FALSE);
  update_read_only_box (self, slot, editable);
  cw_page_set_editable (slot->page, editable);
  gtk_widget_set_visible (GTK_WIDGET (self->journey_bar), self->identity != NULL);
  cw_page_enter (slot->page);
  cw_accessibility_name_buttons (slot->child);

  if (self->identity)
    {
      cw_journey_bar_update (self->journey_bar, self->identity, step);
      if (editable)
        cw_identity_set_step (self->identity, cw_step_get_name (step));
    }
  update_buttons (self);
  update_activity (self);
  gtk_stack_set_visible_child (self->stack, slot->child);
  focus_first (slot);
}

/* Next, Back, Cancel */

static void
close_wizard (CwWizard *self, gboolean done)
{
  g_autoptr (CwIdentity) identity = self->identity ? g_object_ref (self->identity) : NULL;

  save (self);
  leave_page (self);
  set_default (self, NULL);
  g_signal_emit (self, signals[CLOSED], 0, done ? identity : NULL);
}

static void
show_next (CwWizard *self)
{
  CwStep next;

  if (!self->identity)
    return; /* the page has opened the identity that it made */
  if (cw_flow_get_next (self->identity, self->step, &next))
    show_step (self, next);
  else
    close_wizard (self, TRUE);
}

static void
show_problem (CwWizard *self, const GError *error)
{
  CwProblemView *problem = self->slots[self->step].problem;

  cw_problem_view_set_error (problem, error, FALSE);
  cw_problem_view_focus (problem);
}

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwWizard) self = user_data;
  g_autoptr (GError) error = NULL;
  CwPage *page = CW_PAGE (source);
  const gboolean ok = cw_page_apply_finish (page, result, &error);
  g_autoptr (CwIdentity) applied = g_steal_pointer (&self->applying);

  g_clear_object (&self->cancellable);
  cw_page_set_activity (page, NULL);
  if (!self->open)
    return;

  update_buttons (self);
  if (page != self->slots[self->step].page || applied != self->identity)
    return; /* the page has led elsewhere itself */
  if (ok)
    show_next (self);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_widget_grab_focus (self->next_button);
  else
    show_problem (self, error);
}

static void
next_clicked_cb (CwWizard *self)
{
  Slot *slot = &self->slots[self->step];

  save (self);
  if (!CW_PAGE_GET_CLASS (slot->page)->apply_async ||
      (self->identity && !cw_flow_is_editable (self->identity, self->step)))
    {
      show_next (self);
      return;
    }

  cw_problem_view_set_error (slot->problem, NULL, FALSE);
  self->cancellable = g_cancellable_new ();
  g_set_object (&self->applying, self->identity);
  update_buttons (self);
  cw_page_apply_async (slot->page, self->cancellable, applied_cb, g_object_ref (self));
}

static void
cancel_clicked_cb (CwWizard *self)
{
  g_cancellable_cancel (self->cancellable);
}

static void
back_clicked_cb (CwWizard *self)
{
  const gboolean done = self->identity && cw_identity_get_chain (self->identity);
  CwStep previous;

  if (self->identity && !done && cw_flow_get_previous (self->identity, self->step, &previous) &&
      cw_flow_is_editable (self->identity, previous))
    show_step (self, previous);
  else
    close_wizard (self, done); /* from a finished one to its overview */
}

static void
visit_cb (CwWizard *self, guint step)
{
  if (self->identity && cw_flow_can_visit (self->identity, self->step, step))
    show_step (self, step);
}

static void
cw_wizard_dispose (GObject *object)
{
  CwWizard *self = CW_WIZARD (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->pulse, g_source_remove);
  g_clear_handle_id (&self->save, g_source_remove);
  g_clear_object (&self->flush);
  g_clear_error (&self->flush_error);
  g_clear_object (&self->applying);
  g_clear_object (&self->identity);
  g_clear_object (&self->store);
  g_clear_object (&self->profiles);
  self->open = FALSE;

  G_OBJECT_CLASS (cw_wizard_parent_class)->dispose (object);
}

static void
cw_wizard_finalize (GObject *object)
{
  CwWizard *self = CW_WIZARD (object);

  g_clear_pointer (&self->unsaved, g_ptr_array_unref);
  g_clear_pointer (&self->blank, g_free);

  G_OBJECT_CLASS (cw_wizard_parent_class)->finalize (object);
}

static void
cw_wizard_class_init (CwWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_wizard_dispose;
  G_OBJECT_CLASS (klass)->finalize = cw_wizard_finalize;

  signals[CLOSED] = g_signal_new ("closed", CW_TYPE_WIZARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, CW_TYPE_IDENTITY);
  signals[TOAST] = g_signal_new ("toast", CW_TYPE_WIZARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, ADW_TYPE_TOAST);

  g_type_ensure (CW_TYPE_BUTTON_BOX);
  g_type_ensure (CW_TYPE_JOURNEY_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/certwright/Certwright/ui/cw-wizard.ui");
  gtk_widget_class_bind_template_child (widget_class, CwWizard, window_title);
  gtk_widget_class_bind_template_child (widget_class, CwWizard, back_button);
  gtk_widget_class_bind_template_child (widget_class, CwWizard, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, CwWizard, next_button);
  gtk_widget_class_bind_template_child (widget_class, CwWizard, next_label);
  gtk_widget_class_bind_template_child (widget_class, CwWizard, journey_bar);
  gtk_widget_class_bind_template_child (widget_class, CwWizard, activity_revealer);
  gtk_widget_class_bind_template_child (widget_class, CwWizard, activity);
  gtk_widget_class_bind_template_child (widget_class, CwWizard, progress);
  gtk_widget_class_bind_template_child (widget_class, CwWizard, stack);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, visit_cb);
}

static void
cw_wizard_init (CwWizard *self)
{
  self->unsaved = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  cw_accessibility_name_buttons (GTK_WIDGET (self));
  cw_accessibility_watch_pages (GTK_WIDGET (self->stack));
}

void
cw_wizard_set_store (CwWizard *self, CwStore *store, GListModel *profiles)
{
  g_return_if_fail (CW_IS_WIZARD (self));
  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (G_IS_LIST_MODEL (profiles));

  g_set_object (&self->store, store);
  g_set_object (&self->profiles, profiles);
}

CwIdentity *
cw_wizard_get_identity (CwWizard *self)
{
  g_return_val_if_fail (CW_IS_WIZARD (self), NULL);

  return self->identity;
}

CwStep
cw_wizard_get_step (CwWizard *self)
{
  g_return_val_if_fail (CW_IS_WIZARD (self), CW_STEP_PURPOSE);

  return self->step;
}

gboolean
cw_wizard_is_busy (CwWizard *self)
{
  g_return_val_if_fail (CW_IS_WIZARD (self), FALSE);

  return self->cancellable != NULL;
}

void
cw_wizard_open (CwWizard *self, CwIdentity *identity, const CwStep *step)
{
  g_return_if_fail (CW_IS_WIZARD (self));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  leave_page (self);
  set_identity (self, identity);
  if (!step && !cw_store_find (self->store, cw_identity_get_id (identity)))
    set_blank (self);
  show_step (self, step ? *step : cw_flow_get_start (identity));
}

void
cw_wizard_open_import (CwWizard *self)
{
  g_return_if_fail (CW_IS_WIZARD (self));

  leave_page (self);
  set_identity (self, NULL);
  show_step (self, CW_STEP_REPLY);
}

void
cw_wizard_add_files (CwWizard *self, GListModel *files)
{
  g_return_if_fail (CW_IS_WIZARD (self));
  g_return_if_fail (G_IS_LIST_MODEL (files));

  if (cw_wizard_is_busy (self))
    return;

  if (!self->open || self->step != CW_STEP_REPLY)
    {
      if (self->open && self->identity && cw_identity_get_csr (self->identity) &&
          !cw_identity_get_chain (self->identity))
        show_step (self, CW_STEP_REPLY);
      else
        cw_wizard_open_import (self);
    }
  cw_reply_page_add_files (CW_REPLY_PAGE (self->slots[CW_STEP_REPLY].page), files);
}

void
cw_wizard_flush_async (CwWizard *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CW_IS_WIZARD (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->save, g_source_remove);
  task = g_task_new (self, NULL, callback, user_data);
  save (self);
  g_set_object (&self->flush, task);
  if (self->n_saving == 0)
    end_flush (self);
}

gboolean
cw_wizard_flush_finish (CwWizard *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
