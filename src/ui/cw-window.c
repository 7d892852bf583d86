/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-authority-page.h"
#include "cw-dialogs.h"
#include "cw-enrolment.h"
#include "cw-export-page.h"
#include "cw-help-window.h"
#include "cw-home-page.h"
#include "cw-issued-page.h"
#include "cw-overview-page.h"
#include "cw-profile.h"
#include "cw-recipe-window.h"
#include "cw-shortcuts.h"
#include "cw-sign-page.h"
#include "cw-store.h"
#include "cw-window.h"
#include "cw-wizard.h"

#define REFRESH_DELAY_MS 100

struct _CwWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkOverlay *overlay;
  GtkStack *stack;
  CwHomePage *home;

  /* Made when they are first needed, so that the first frame comes sooner. */
  AdwStatusPage *problem;
  CwWizard *wizard;
  CwOverviewPage *overview;
  CwExportPage *export;
  CwAuthorityPage *authority;
  CwIssuedPage *issued;
  CwSignPage *sign;
  GtkWidget *drop_hint; /* over all of them */

  CwIdentity *draft;         /* that a CA is being made for; or NULL */
  CwIdentity *new_authority; /* that CA */

  GSettings *settings;
  CwStore *store;
  GListModel *profiles;
  GListModel *files;     /* that are to be opened once the store is; or NULL */
  gboolean ready;        /* the store is open */
  GFileMonitor *monitor; /* of the store's folder; NULL if it cannot be watched */
  guint refresh_id;
  gboolean closing;
};

G_DEFINE_FINAL_TYPE (CwWindow, cw_window, ADW_TYPE_APPLICATION_WINDOW)

static void
toast_cb (CwWindow *self, const char *text)
{
  /* Toasts take markup, and names may hold "<" and "&". */
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
wizard_toast_cb (CwWindow *self, AdwToast *toast)
{
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (toast));
}

/* The stack gives the keyboard back to what had it when the page was left. Were that an
 * item of a menu that is closed by then, keys would go nowhere. */
static void
leave_menu (CwWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *popover = focus ? gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) : NULL;
  GtkWidget *widget = popover ? gtk_widget_get_parent (popover) : NULL;

  /* The menu button; where that does not take the keyboard, the row that it is in. */
  while (widget && !gtk_widget_grab_focus (widget))
    widget = gtk_widget_get_parent (widget);
}

/* How far a page is from the list: further ones come from the right, as in a book. */
static guint
get_depth (const char *name)
{
  if (g_str_equal (name, "wizard"))
    return 3;
  if (g_str_equal (name, "issued") || g_str_equal (name, "sign") || g_str_equal (name, "export"))
    return 2;
  if (g_str_equal (name, "overview") || g_str_equal (name, "authority"))
    return 1;
  return 0;
}

static void
show (CwWindow *self, const char *name)
{
  const guint from = get_depth (gtk_stack_get_visible_child_name (self->stack));
  const guint to = get_depth (name);

  leave_menu (self);
  gtk_stack_set_transition_type (self->stack, to > from   ? GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT
                                              : to < from ? GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT
                                                          : GTK_STACK_TRANSITION_TYPE_CROSSFADE);
  gtk_stack_set_visible_child_name (self->stack, name);
}

/* A mistake in one profile must not hide that the others load. */
static GListModel *
load_profiles (CwWindow *self)
{
  g_autoptr (GPtrArray) problems = NULL;
  GListModel *profiles = cw_profiles_load (&problems);

  for (guint i = 0; problems && i < problems->len; i++)
    cw_dialog_show_error (GTK_WIDGET (self), _ ("A Profile Cannot Be Used"), problems->pdata[i]);

  return profiles;
}

static GListModel *
get_profiles (CwWindow *self)
{
  if (!self->profiles)
    self->profiles = load_profiles (self);

  return self->profiles;
}

static void show_details (CwWindow *self, CwIdentity *identity);
static void open_wizard (CwWindow *self, CwIdentity *identity);

/* Back to what the CA was made for, which it signs if it was made. */
static void
resume_draft (CwWindow *self, CwIdentity *authority)
{
  g_autoptr (CwIdentity) draft = g_steal_pointer (&self->draft);

  if (authority)
    {
      cw_identity_set_signer (draft, CW_SIGNER_AUTHORITY);
      cw_identity_set_authority_id (draft, cw_identity_get_id (authority));
    }
  open_wizard (self, draft);
}

static void
wizard_closed_cb (CwWindow *self, CwIdentity *identity)
{
  if (self->draft && cw_wizard_get_identity (self->wizard) == self->new_authority)
    {
      resume_draft (self, identity);
    }
  else if (identity)
    {
      const char *profile = cw_identity_get_profile_id (identity);

      if (profile)
        g_settings_set_string (self->settings, "last-profile", profile);
      show_details (self, identity);
    }
  else
    {
      show (self, "home");
    }
}

static CwWizard *
get_wizard (CwWindow *self)
{
  if (!self->wizard)
    {
      self->wizard = g_object_new (CW_TYPE_WIZARD, NULL);
      cw_wizard_set_store (self->wizard, self->store, get_profiles (self));
      g_signal_connect_object (self->wizard, "closed", G_CALLBACK (wizard_closed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->wizard, "toast", G_CALLBACK (wizard_toast_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->wizard), "wizard");
    }

  return self->wizard;
}

/* The wizard is shown first: only what is shown can take the keyboard. */
static void
open_wizard (CwWindow *self, CwIdentity *identity)
{
  CwWizard *wizard = get_wizard (self);

  g_clear_object (&self->draft);
  g_clear_object (&self->new_authority);
  show (self, "wizard");
  cw_wizard_open (wizard, identity, NULL);
}

static void
overview_back_cb (CwWindow *self)
{
  show (self, "home");
}

static void
overview_use_cb (CwWindow *self, CwIdentity *identity)
{
  open_wizard (self, identity);
}

static void
open_wizard_at (CwWindow *self, CwIdentity *identity, CwStep step)
{
  CwWizard *wizard = get_wizard (self);

  show (self, "wizard");
  cw_wizard_open (wizard, identity, &step);
}

static void
overview_test_cb (CwWindow *self, CwIdentity *identity)
{
  open_wizard_at (self, identity, CW_STEP_TEST);
}

static void
show_overview (CwWindow *self, CwIdentity *identity)
{
  if (!self->overview)
    {
      self->overview = g_object_new (CW_TYPE_OVERVIEW_PAGE, NULL);
      cw_overview_page_set_profiles (self->overview, get_profiles (self));
      g_signal_connect_object (self->overview, "back", G_CALLBACK (overview_back_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->overview, "use", G_CALLBACK (overview_use_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->overview, "test", G_CALLBACK (overview_test_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->overview), "overview");
    }

  cw_overview_page_set_identity (self->overview, identity);
  show (self, "overview");
}

static void
export_back_cb (CwWindow *self)
{
  show_details (self, cw_export_page_get_identity (self->export));
}

static void
show_export (CwWindow *self, CwIdentity *identity)
{
  if (!self->export)
    {
      self->export = g_object_new (CW_TYPE_EXPORT_PAGE, NULL);
      g_signal_connect_object (self->export, "back", G_CALLBACK (export_back_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->export, "toast", G_CALLBACK (toast_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->export), "export");
    }

  cw_export_page_set_identity (self->export, identity);
  show (self, "export");
  cw_export_page_focus_content (self->export);
}

/* Private CAs */

static void
authority_back_cb (CwWindow *self)
{
  show (self, "home");
}

static void
leaf_back_cb (CwWindow *self)
{
  show_details (self, cw_authority_page_get_identity (self->authority));
}

static void
sign_cb (CwWindow *self, CwIdentity *waiting)
{
  if (!self->sign)
    {
      self->sign = g_object_new (CW_TYPE_SIGN_PAGE, NULL);
      cw_sign_page_set_store (self->sign, self->store);
      g_signal_connect_object (self->sign, "back", G_CALLBACK (leaf_back_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->sign, "use", G_CALLBACK (open_wizard), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->sign, "toast", G_CALLBACK (toast_cb), self, G_CONNECT_SWAPPED);
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->sign), "sign");
    }

  cw_sign_page_open (self->sign, cw_authority_page_get_identity (self->authority), waiting);
  show (self, "sign");
}

static void
open_issued_cb (CwWindow *self, CwIssued *issued)
{
  if (!self->issued)
    {
      self->issued = g_object_new (CW_TYPE_ISSUED_PAGE, NULL);
      cw_issued_page_set_store (self->issued, self->store, get_profiles (self));
      g_signal_connect_object (self->issued, "back", G_CALLBACK (leaf_back_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->issued, "toast", G_CALLBACK (toast_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->issued), "issued");
    }

  cw_issued_page_set_issued (self->issued, issued);
  show (self, "issued");
}

static void
show_authority (CwWindow *self, CwIdentity *identity)
{
  if (!self->authority)
    {
      self->authority = g_object_new (CW_TYPE_AUTHORITY_PAGE, NULL);
      cw_authority_page_set_store (self->authority, self->store);
      g_signal_connect_object (self->authority, "back", G_CALLBACK (authority_back_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->authority, "sign", G_CALLBACK (sign_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->authority, "open-issued", G_CALLBACK (open_issued_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->authority, "toast", G_CALLBACK (toast_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->authority), "authority");
    }

  cw_authority_page_set_identity (self->authority, identity);
  show (self, "authority");
}

/* What it is: that of a private CA is a page of its own. */
static void
show_details (CwWindow *self, CwIdentity *identity)
{
  if (cw_identity_get_is_authority (identity) && cw_identity_get_chain (identity))
    show_authority (self, identity);
  else
    show_overview (self, identity);
}

/* A row opens what it needs next. */
static void
open_cb (CwWindow *self, CwIdentity *identity)
{
  if (cw_identity_get_state (identity, NULL) >= CW_IDENTITY_READY)
    show_details (self, identity);
  else
    overview_use_cb (self, identity);
}

/* What comes from elsewhere: dropped, or opened with Certwright. */
static void
take_files (CwWindow *self, GListModel *files)
{
  if (self->sign && gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->sign))
    {
      cw_sign_page_add_files (self->sign, files);
      return;
    }

  if (gtk_stack_get_visible_child (self->stack) != GTK_WIDGET (get_wizard (self)))
    cw_wizard_open_import (self->wizard);
  cw_wizard_add_files (self->wizard, files);
  show (self, "wizard");
}

/* The store */

static void open_store (CwWindow *self);

static void
add_problem_page (CwWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *status = adw_status_page_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Try Again"));

  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "suggested-action");
  g_signal_connect_object (button, "clicked", G_CALLBACK (open_store), self, G_CONNECT_SWAPPED);

  self->problem = ADW_STATUS_PAGE (status);
  adw_status_page_set_icon_name (self->problem, "dialog-error-symbolic");
  adw_status_page_set_title (self->problem, _ ("The Certificates Cannot Be Opened"));
  adw_status_page_set_child (self->problem, button);
  gtk_widget_set_vexpand (status, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), status);
  cw_accessibility_name_buttons (box);
  gtk_stack_add_named (self->stack, box, "problem");
}

/* Other programs: the command line, or another window of another session */

/* (transfer none) (nullable): whose page is on the screen */
static CwIdentity *
get_shown_identity (CwWindow *self)
{
  GtkWidget *visible = gtk_stack_get_visible_child (self->stack);

  if (CW_IS_OVERVIEW_PAGE (visible))
    return cw_overview_page_get_identity (self->overview);
  if (CW_IS_EXPORT_PAGE (visible))
    return cw_export_page_get_identity (self->export);
  if (CW_IS_AUTHORITY_PAGE (visible))
    return cw_authority_page_get_identity (self->authority);
  return CW_IS_WIZARD (visible) ? cw_wizard_get_identity (self->wizard) : NULL;
}

/* What is shown may have been deleted. */
static void
refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwWindow) self = user_data;
  CwIdentity *identity;

  /* What cannot be read now is read the next time, or when it is needed. */
  if (!cw_store_refresh_finish (CW_STORE (source), result, NULL) || !self->store)
    return;
  if (CW_IS_WIZARD (gtk_stack_get_visible_child (self->stack)) && cw_wizard_is_busy (self->wizard))
    return;

  identity = get_shown_identity (self);
  if (identity && cw_store_was_removed (self->store, cw_identity_get_id (identity)))
    show (self, "home");
}

static gboolean
refresh_cb (gpointer data)
{
  CwWindow *self = data;

  self->refresh_id = 0;
  cw_store_refresh_async (self->store, NULL, refreshed_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/* Whoever writes does so in several steps: one look is enough for all of them. */
static void
folder_changed_cb (CwWindow *self)
{
  if (!self->refresh_id)
    self->refresh_id = g_timeout_add (REFRESH_DELAY_MS, refresh_cb, self);
}

/* For folders that cannot be watched, as some on the network. */
static void
is_active_cb (CwWindow *self)
{
  if (self->ready && gtk_window_is_active (GTK_WINDOW (self)))
    folder_changed_cb (self);
}

static void
watch_store (CwWindow *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (cw_store_get_path (self->store));
  g_autoptr (GFile) folder = g_file_get_parent (file);

  if (self->monitor)
    return;
  self->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (folder_changed_cb), self,
                             G_CONNECT_SWAPPED);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  self->ready = cw_store_open_finish (CW_STORE (source), result, &error);
  if (self->ready)
    {
      g_autoptr (GListModel) files = g_steal_pointer (&self->files);

      cw_home_page_set_store (self->home, self->store, get_profiles (self));
      show (self, "home");
      cw_home_page_focus_content (self->home);
      watch_store (self);
      if (files)
        take_files (self, files);
      return;
    }

  g_autofree char *text = g_markup_escape_text (error->message, -1);
  if (!self->problem)
    add_problem_page (self);
  adw_status_page_set_description (self->problem, text);
  show (self, "problem");
}

static void
open_store (CwWindow *self)
{
  cw_store_open_async (self->store, NULL, opened_cb, g_object_ref (self));
}

/* Actions */

static gboolean
can_open (CwWindow *self)
{
  return self->ready && !(self->wizard && cw_wizard_is_busy (self->wizard)) &&
         !(self->sign && cw_sign_page_is_busy (self->sign));
}

static void
new_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwWindow *self = CW_WINDOW (widget);
  g_autoptr (CwIdentity) identity = NULL;

  if (!can_open (self))
    return;

  identity = cw_identity_new ();
  open_wizard (self, identity);
}

/* (transfer full) (nullable): the draft whose signer is being chosen on the screen */
static CwIdentity *
dup_choosing_draft (CwWindow *self)
{
  const gboolean shown =
      self->wizard && gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->wizard);
  CwIdentity *identity = shown ? cw_wizard_get_identity (self->wizard) : NULL;

  if (!identity || cw_identity_get_csr (identity) || cw_identity_get_chain (identity) ||
      g_strcmp0 (cw_identity_get_step (identity), cw_step_get_name (CW_STEP_PURPOSE)) != 0)
    return NULL;

  return g_object_ref (identity);
}

static void
new_authority_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwWindow *self = CW_WINDOW (widget);
  g_autoptr (CwIdentity) identity = NULL;
  g_autoptr (CwIdentity) draft = NULL;

  if (!can_open (self))
    return;

  draft = dup_choosing_draft (self);
  identity = cw_identity_new_authority ();
  open_wizard (self, identity);
  if (g_set_object (&self->draft, draft))
    g_set_object (&self->new_authority, identity);
}

static void
import_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwWindow *self = CW_WINDOW (widget);

  if (!can_open (self))
    return;

  get_wizard (self);
  show (self, "wizard");
  cw_wizard_open_import (self->wizard);
}

static void
search_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwWindow *self = CW_WINDOW (widget);

  if (gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->home))
    cw_home_page_toggle_search (self->home);
}

/* The page of the help for what is on the screen; NULL for its contents. */
static const char *
get_help_page (CwWindow *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  if (g_str_equal (shown, "wizard"))
    return cw_step_get_name (cw_wizard_get_step (self->wizard));
  if (g_str_equal (shown, "problem"))
    return "storage";
  /* A list that is empty is no place to read about its entries. */
  if (g_str_equal (shown, "home") && g_list_model_get_n_items (G_LIST_MODEL (self->store)) == 0)
    return NULL;
  return shown;
}

static void
help_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cw_help_window_present (widget, get_help_page (CW_WINDOW (widget)));
}

static void
help_page_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cw_help_window_present (widget, g_variant_get_string (parameter, NULL));
}

static void
shortcuts_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cw_shortcuts_present (GTK_APPLICATION_WINDOW (widget));
}

static CwIdentity *
find_identity (CwWindow *self, GVariant *id)
{
  return self->ready ? cw_store_find (self->store, g_variant_get_string (id, NULL)) : NULL;
}

static void
details_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwWindow *self = CW_WINDOW (widget);
  CwIdentity *identity = find_identity (self, parameter);

  if (identity)
    show_details (self, identity);
}

static void
export_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwWindow *self = CW_WINDOW (widget);
  CwIdentity *identity = find_identity (self, parameter);

  if (identity && cw_identity_get_key_fingerprint (identity))
    show_export (self, identity);
}

static void
renew_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwWindow *self = CW_WINDOW (widget);
  CwIdentity *identity = find_identity (self, parameter);
  g_autoptr (CwIdentity) renewal = NULL;

  if (!identity || !can_open (self))
    return;

  renewal = cw_identity_new_renewal (identity);
  open_wizard_at (self, renewal, CW_STEP_SUBJECT);
}

static void
commands_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwWindow *self = CW_WINDOW (widget);
  CwIdentity *identity = find_identity (self, parameter);

  if (identity)
    cw_recipe_window_present (widget, self->store, get_profiles (self), identity);
}

typedef struct
{
  CwWindow *window;
  CwIdentity *identity;
} Deletion;

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Deletion *deletion = user_data;
  g_autoptr (CwWindow) self = deletion->window;
  g_autoptr (CwIdentity) identity = deletion->identity;
  g_autoptr (GError) error = NULL;

  if (cw_enrolment_delete_finish (CW_STORE (source), result, &error))
    {
      toast_cb (self, _ ("Deleted"));
      if (get_shown_identity (self) == identity) /* the person may be elsewhere by now */
        show (self, "home");
    }
  else
    {
      cw_dialog_show_error (GTK_WIDGET (self), _ ("It Could Not Be Deleted"), error);
    }
}

static void
delete_confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwWindow *self = CW_WINDOW (source);
  g_autoptr (CwIdentity) identity = user_data;

  Deletion *deletion;

  if (!cw_dialog_confirm_finish (GTK_WIDGET (self), result))
    return;

  deletion = g_new (Deletion, 1);
  deletion->window = g_object_ref (self);
  deletion->identity = g_object_ref (identity);
  cw_enrolment_delete_async (self->store, identity, NULL, deleted_cb, deletion);
}

static void
delete_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwWindow *self = CW_WINDOW (widget);
  CwIdentity *identity = find_identity (self, parameter);
  g_autofree char *title = NULL;
  g_autofree char *heading = NULL;

  if (!identity)
    return;

  title = cw_identity_get_title (identity);
  heading = g_strdup_printf (_ ("Delete “%s”?"), title);
  cw_dialog_confirm_async (widget, heading, cw_enrolment_explain_deletion (identity), _ ("_Delete"),
                           TRUE, delete_confirmed_cb, g_object_ref (identity));
}

static void
drag_leave_cb (CwWindow *self)
{
  if (self->drop_hint)
    gtk_widget_set_visible (self->drop_hint, FALSE);
}

static gboolean
drop_cb (CwWindow *self, const GValue *value)
{
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);

  /* A drop is an end of the drag that GTK does not call "leave". */
  drag_leave_cb (self);
  if (!G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return FALSE;

  for (GSList *l = g_value_get_boxed (value); l; l = l->next)
    g_list_store_append (files, l->data);

  cw_window_open_files (self, G_LIST_MODEL (files));
  return TRUE;
}

static GtkWidget *
drop_hint_new (void)
{
  GtkWidget *hint = adw_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (hint), "document-open-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (hint), _ ("Drop to Open"));
  adw_status_page_set_description (ADW_STATUS_PAGE (hint),
                                   _ ("Certwright finds out what is in the files"));
  gtk_widget_add_css_class (hint, "drop-hint");
  gtk_widget_set_can_target (hint, FALSE);
  return hint;
}

static GdkDragAction
drag_enter_cb (CwWindow *self)
{
  if (!can_open (self))
    return 0;

  if (!self->drop_hint)
    {
      self->drop_hint = drop_hint_new ();
      gtk_overlay_add_overlay (self->overlay, self->drop_hint);
    }
  gtk_widget_set_visible (self->drop_hint, TRUE);
  return GDK_ACTION_COPY;
}

/* Closing */

static void
close_confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  if (cw_dialog_confirm_finish (GTK_WIDGET (source), result))
    gtk_window_destroy (GTK_WINDOW (source));
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  self->closing = FALSE;
  if (cw_wizard_flush_finish (CW_WIZARD (source), result, &error))
    gtk_window_destroy (GTK_WINDOW (self));
  else
    cw_dialog_confirm_async (GTK_WIDGET (self), _ ("Close Without Saving?"), error->message,
                             _ ("_Close"), TRUE, close_confirmed_cb, NULL);
}

static gboolean
cw_window_close_request (GtkWindow *window)
{
  CwWindow *self = CW_WINDOW (window);

  if (self->wizard)
    {
      if (!self->closing)
        cw_wizard_flush_async (self->wizard, flushed_cb, g_object_ref (self));
      self->closing = TRUE;
      return GDK_EVENT_STOP;
    }

  return GTK_WINDOW_CLASS (cw_window_parent_class)->close_request (window);
}

/* Not bound to the settings: they would be watched, and written at every step of a resize. */
static void
restore_size (CwWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static void
save_size (CwWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (self->settings, "window-width", width);
  g_settings_set_int (self->settings, "window-height", height);
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
}

static void
cw_window_unmap (GtkWidget *widget)
{
  save_size (CW_WINDOW (widget));

  GTK_WIDGET_CLASS (cw_window_parent_class)->unmap (widget);
}

static void
cw_window_dispose (GObject *object)
{
  CwWindow *self = CW_WINDOW (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_object (&self->monitor);
  g_clear_object (&self->draft);
  g_clear_object (&self->new_authority);
  g_clear_object (&self->settings);
  g_clear_object (&self->store);
  g_clear_object (&self->profiles);
  g_clear_object (&self->files);

  G_OBJECT_CLASS (cw_window_parent_class)->dispose (object);
}

static void
cw_window_class_init (CwWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = cw_window_close_request;
  widget_class->unmap = cw_window_unmap;

  g_type_ensure (CW_TYPE_HOME_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/certwright/Certwright/ui/cw-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CwWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, CwWindow, overlay);
  gtk_widget_class_bind_template_child (widget_class, CwWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CwWindow, home);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);

  gtk_widget_class_install_action (widget_class, "win.new", NULL, new_cb);
  gtk_widget_class_install_action (widget_class, "win.new-authority", NULL, new_authority_cb);
  gtk_widget_class_install_action (widget_class, "win.import", NULL, import_cb);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_cb);
  gtk_widget_class_install_action (widget_class, "win.help", NULL, help_cb);
  gtk_widget_class_install_action (widget_class, "win.help-page", "s", help_page_cb);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL, shortcuts_cb);
  gtk_widget_class_install_action (widget_class, "win.details", "s", details_cb);
  gtk_widget_class_install_action (widget_class, "win.export", "s", export_cb);
  gtk_widget_class_install_action (widget_class, "win.renew", "s", renew_cb);
  gtk_widget_class_install_action (widget_class, "win.commands", "s", commands_cb);
  gtk_widget_class_install_action (widget_class, "win.delete", "s", delete_cb);
}

static void
cw_window_init (CwWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  /* Before the entries, which would take the names of files as text. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  gtk_widget_init_template (GTK_WIDGET (self));
  cw_accessibility_name_buttons (GTK_WIDGET (self));

  self->settings = g_settings_new (APP_ID);
  restore_size (self);

  g_signal_connect_swapped (target, "enter", G_CALLBACK (drag_enter_cb), self);
  g_signal_connect_swapped (target, "leave", G_CALLBACK (drag_leave_cb), self);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));

  g_signal_connect (self, "notify::is-active", G_CALLBACK (is_active_cb), NULL);
  self->store = cw_store_new (NULL);
  cw_accessibility_watch_pages (GTK_WIDGET (self->stack));
  cw_accessibility_name_toasts (self->toasts);
  open_store (self);
}

CwWindow *
cw_window_new (GtkApplication *app)
{
  return g_object_new (CW_TYPE_WINDOW, "application", app, NULL);
}

/* To those that wait for the store. */
static void
add_files (CwWindow *self, GListModel *files)
{
  if (!self->files)
    self->files = G_LIST_MODEL (g_list_store_new (G_TYPE_FILE));
  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      g_list_store_append (G_LIST_STORE (self->files), file);
    }
}

void
cw_window_open_files (CwWindow *self, GListModel *files)
{
  g_return_if_fail (CW_IS_WINDOW (self));
  g_return_if_fail (G_IS_LIST_MODEL (files));

  if (!self->ready)
    add_files (self, files);
  else if (can_open (self))
    take_files (self, files);
  else
    toast_cb (self, _ ("Something is still being done; open the files again after it"));
}
