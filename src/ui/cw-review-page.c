/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-enrolment.h"
#include "cw-flow.h"
#include "cw-recipe-window.h"
#include "cw-review-page.h"
#include "cw-usage.h"

struct _CwReviewPage
{
  CwPage parent_instance;

  AdwPreferencesGroup *group;

  GPtrArray *rows; /* not owned */
};

G_DEFINE_FINAL_TYPE (CwReviewPage, cw_review_page, CW_TYPE_PAGE)

static void
activated_cb (CwReviewPage *self, GtkWidget *row)
{
  cw_page_go_to (CW_PAGE (self), GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "step")));
}

static void
add_line (CwReviewPage *self, const char *title, const char *value, CwStep step)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", value, "activatable", TRUE, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "document-edit-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
  g_object_set_data (G_OBJECT (row), "step", GUINT_TO_POINTER (step));
  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
}

static char *
describe_alt_names (CwRequest *request)
{
  GListModel *names = cw_request_get_alt_names (request);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);

      /* Translators: a kind of name and its value: "E-mail address: steve@example.com" */
      g_autofree char *line =
          g_strdup_printf (_ ("%s: %s"), cw_alt_name_kind_get_title (cw_alt_name_get_kind (name)),
                           cw_alt_name_get_value (name));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe_usages (CwRequest *request)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *const *usage = cw_request_get_usages (request); *usage; usage++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", cw_usage_get_title (*usage));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
fill (CwReviewPage *self)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));
  CwRequest *request = cw_identity_get_request (identity);
  g_autoptr (CwProfile) profile = cw_page_dup_profile (CW_PAGE (self));
  g_autofree char *subject = cw_subject_to_string (cw_request_get_subject (request));
  g_autofree char *names = describe_alt_names (request);
  g_autofree char *usages = describe_usages (request);

  add_line (self, _ ("What it is for"), profile ? cw_profile_get_name (profile) : "",
            CW_STEP_PURPOSE);
  add_line (self, _ ("Who it is for (subject)"), *subject ? subject : _ ("Nothing"),
            CW_STEP_SUBJECT);
  add_line (self, _ ("Other names (alternative names)"), *names ? names : _ ("None"),
            CW_STEP_SUBJECT);
  add_line (self, _ ("What it may do (usages)"), *usages ? usages : _ ("Nothing in particular"),
            CW_STEP_SUBJECT);
  add_line (self, _ ("Key"), cw_key_kind_get_title (cw_request_get_key_kind (request)),
            CW_STEP_KEY);
}

static void
commands_clicked_cb (CwReviewPage *self)
{
  CwPage *page = CW_PAGE (self);

  cw_recipe_window_present (GTK_WIDGET (self), cw_page_get_store (page),
                            cw_page_get_identity (page));
}

static void
cw_review_page_enter (CwPage *page)
{
  CwReviewPage *self = CW_REVIEW_PAGE (page);

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);

  fill (self);
  cw_page_set_complete (
      page, cw_request_check (cw_identity_get_request (cw_page_get_identity (page)), NULL));
}

static void
progress_cb (CwEnrolmentPhase phase, gpointer user_data)
{
  static const char *const texts[] = {
    [CW_ENROLMENT_LOOKING] = N_ ("Looking in the keyring…"),
    [CW_ENROLMENT_GENERATING] = N_ ("Making the key…"),
    [CW_ENROLMENT_STORING] = N_ ("Storing the key in the keyring…"),
    [CW_ENROLMENT_SIGNING] = N_ ("Making the request…"),
    [CW_ENROLMENT_SAVING] = N_ ("Saving the request…"),
  };

  cw_page_set_activity (CW_PAGE (user_data), _ (texts[phase]));
}

static void
requested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cw_enrolment_request_finish (CW_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
cw_review_page_apply_async (CwPage *page,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (page, cancellable, callback, user_data);

  cw_enrolment_request_async (cw_page_get_store (page), cw_page_get_identity (page), progress_cb,
                              page, cancellable, requested_cb, task);
}

static void
cw_review_page_finalize (GObject *object)
{
  CwReviewPage *self = CW_REVIEW_PAGE (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_review_page_parent_class)->finalize (object);
}

static void
cw_review_page_class_init (CwReviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cw_review_page_finalize;
  CW_PAGE_CLASS (klass)->enter = cw_review_page_enter;
  CW_PAGE_CLASS (klass)->apply_async = cw_review_page_apply_async;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-review-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwReviewPage, group);
  gtk_widget_class_bind_template_callback (widget_class, commands_clicked_cb);
}

static void
cw_review_page_init (CwReviewPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
