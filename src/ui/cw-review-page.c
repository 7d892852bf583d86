/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-date.h"
#include "cw-enrolment.h"
#include "cw-error.h"
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

/* Clients look for the server's name among the alternative names alone. */
static gboolean
lacks_host (CwRequest *request)
{
  GListModel *names = cw_request_get_alt_names (request);

  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);

      if (cw_alt_name_get_kind (name) == CW_ALT_NAME_DNS ||
          cw_alt_name_get_kind (name) == CW_ALT_NAME_IP)
        return FALSE;
    }

  return cw_request_has_usage (request, CW_USAGE_SERVER_AUTH);
}

static void
add_warning (CwReviewPage *self, const char *text)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", text,
                                 "title-lines", 0, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-warning-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_add_css_class (row, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
}

static char *
describe_usages (CwRequest *request)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *const *usage = cw_request_get_usages (request); *usage; usage++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", cw_usage_get_title (*usage));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* (transfer full): "365 days, until 3 May 2027" */
static char *
describe_validity (CwReviewPage *self, CwRequest *request, CwIdentity *authority)
{
  CwChain *chain = authority ? cw_identity_get_chain (authority) : NULL;
  const guint days = cw_request_get_days (request);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) end = g_date_time_add_days (now, days);
  g_autoptr (GDateTime) clipped = NULL;
  g_autofree char *day = NULL;

  if (chain && cw_authority_clip (cw_chain_get_leaf (chain), days, &clipped))
    {
      day = cw_date_format_day (clipped);
      /* Translators: %s is a day, as in "3 May 2027" */
      return g_strdup_printf (_ ("Until %s, when its CA ends"), day);
    }

  day = cw_date_format_day (end);
  /* Translators: a number of days, and the day when they end: "365 days, until 3 May 2027" */
  return g_strdup_printf (ngettext ("%u day, until %s", "%u days, until %s", days), days, day);
}

static CwIdentity *
find_authority (CwReviewPage *self)
{
  const char *id = cw_identity_get_authority_id (cw_page_get_identity (CW_PAGE (self)));

  return id ? cw_store_find (cw_page_get_store (CW_PAGE (self)), id) : NULL;
}

/* (transfer full) */
static char *
describe_signer (CwReviewPage *self, CwSigner signer)
{
  CwIdentity *authority = find_authority (self);

  switch (signer)
    {
    case CW_SIGNER_CA:
      return g_strdup (_ ("A CA elsewhere"));
    case CW_SIGNER_SELF:
      return g_strdup (_ ("Myself (self-signed)"));
    case CW_SIGNER_AUTHORITY:
      return authority ? cw_identity_get_title (authority)
                       : g_strdup (_ ("A private CA that is no longer here"));
    }
  g_return_val_if_reached (NULL);
}

static void
fill_purpose (CwReviewPage *self)
{
  g_autoptr (CwProfile) profile = cw_page_dup_profile (CW_PAGE (self));
  g_autofree char *signer =
      describe_signer (self, cw_identity_get_signer (cw_page_get_identity (CW_PAGE (self))));

  add_line (self, _ ("What it is for"), profile ? cw_profile_get_name (profile) : "",
            CW_STEP_PURPOSE);
  add_line (self, _ ("Who signs it"), signer, CW_STEP_PURPOSE);
}

static void
fill_subject (CwReviewPage *self, CwRequest *request, gboolean authority)
{
  g_autofree char *subject = cw_subject_to_string (cw_request_get_subject (request));
  g_autofree char *names = describe_alt_names (request);
  g_autofree char *usages = describe_usages (request);

  add_line (self, authority ? _ ("Name of the CA (subject)") : _ ("Who it is for (subject)"),
            *subject ? subject : _ ("Nothing"), CW_STEP_SUBJECT);
  if (authority)
    return;

  add_line (self, _ ("Other names (alternative names)"), *names ? names : _ ("None"),
            CW_STEP_SUBJECT);
  if (lacks_host (request))
    add_warning (self, _ ("Without a host name or IP address among the other names, clients will "
                          "refuse the server."));
  add_line (self, _ ("What it may do (usages)"), *usages ? usages : _ ("Nothing in particular"),
            CW_STEP_SUBJECT);
}

static void
fill (CwReviewPage *self)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));
  CwRequest *request = cw_identity_get_request (identity);
  const gboolean authority = cw_identity_get_is_authority (identity);

  if (!authority)
    fill_purpose (self);
  fill_subject (self, request, authority);
  add_line (self, _ ("Key"), cw_key_kind_get_title (cw_request_get_key_kind (request)),
            CW_STEP_KEY);
  if (cw_identity_get_signer (identity) != CW_SIGNER_CA)
    {
      g_autofree char *validity = describe_validity (self, request, find_authority (self));

      add_line (self, _ ("Valid for"), validity, CW_STEP_KEY);
    }
}

static void
fill_words (CwPage *page, CwIdentity *identity)
{
  if (cw_identity_get_is_authority (identity))
    {
      cw_page_set_description (
          page, _ ("This is what the CA’s own certificate will say. Press a line to change it."));
      cw_page_set_next_label (page, _ ("_Create CA"));
    }
  else if (cw_identity_get_signer (identity) != CW_SIGNER_CA)
    {
      cw_page_set_description (
          page, _ ("This is what the certificate will say. Press a line to change it."));
      cw_page_set_next_label (page, _ ("_Create Certificate"));
    }
  else
    {
      cw_page_set_description (page,
                               _ ("This is what will be asked for. Press a line to change it."));
      cw_page_set_next_label (page, _ ("_Create Request"));
    }
}

static void
commands_clicked_cb (CwReviewPage *self)
{
  CwPage *page = CW_PAGE (self);

  cw_recipe_window_present (GTK_WIDGET (self), cw_page_get_store (page),
                            cw_page_get_profiles (page), cw_page_get_identity (page));
}

static void
cw_review_page_enter (CwPage *page)
{
  CwReviewPage *self = CW_REVIEW_PAGE (page);
  CwIdentity *identity = cw_page_get_identity (page);

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);

  /* Before it is shown, so that nothing is asked for unseen. */
  cw_request_add_host_name (cw_identity_get_request (identity));
  fill (self);
  fill_words (page, identity);
  cw_page_set_complete (page, cw_request_check (cw_identity_get_request (identity), NULL));
}

static void
progress_cb (CwEnrolmentPhase phase, gpointer user_data)
{
  static const char *const request_texts[] = {
    [CW_ENROLMENT_LOOKING] = N_ ("Looking in the keyring…"),
    [CW_ENROLMENT_GENERATING] = N_ ("Making the key…"),
    [CW_ENROLMENT_STORING] = N_ ("Storing the key in the keyring…"),
    [CW_ENROLMENT_SIGNING] = N_ ("Making the request…"),
    [CW_ENROLMENT_SAVING] = N_ ("Saving the request…"),
  };
  static const char *const certificate_texts[] = {
    [CW_ENROLMENT_LOOKING] = N_ ("Looking in the keyring…"),
    [CW_ENROLMENT_GENERATING] = N_ ("Making the key…"),
    [CW_ENROLMENT_STORING] = N_ ("Storing the key in the keyring…"),
    [CW_ENROLMENT_SIGNING] = N_ ("Signing the certificate…"),
    [CW_ENROLMENT_SAVING] = N_ ("Saving the certificate…"),
  };
  CwPage *page = CW_PAGE (user_data);
  const gboolean request = cw_identity_get_signer (cw_page_get_identity (page)) == CW_SIGNER_CA;

  cw_page_set_activity (page, _ (request ? request_texts[phase] : certificate_texts[phase]));
}

/* Which of enrolment's ways an identity goes. */
typedef void (*Enrol) (CwStore *store,
                       CwIdentity *identity,
                       CwEnrolmentProgress progress,
                       gpointer progress_data,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
typedef gboolean (*EnrolFinish) (CwStore *store, GAsyncResult *result, GError **error);

static void
enrolled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  EnrolFinish finish = (EnrolFinish) g_task_get_task_data (task);
  GError *error = NULL;

  if (finish (CW_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
enrol (CwPage *page, GTask *task, Enrol begin, EnrolFinish finish)
{
  g_task_set_task_data (task, (gpointer) finish, NULL);
  begin (cw_page_get_store (page), cw_page_get_identity (page), progress_cb, page,
         g_task_get_cancellable (task), enrolled_cb, task);
}

static void
enrol_by_authority (CwReviewPage *self, GTask *task)
{
  CwPage *page = CW_PAGE (self);
  CwIdentity *authority = find_authority (self);

  if (!authority)
    {
      g_task_return_new_error (task, CW_ERROR, CW_ERROR_INVALID,
                               _ ("The private CA that was to sign is no longer here. Choose "
                                  "another one under “Who signs it”."));
      g_object_unref (task);
      return;
    }

  g_task_set_task_data (task, (gpointer) cw_enrolment_issue_draft_finish, NULL);
  cw_enrolment_issue_draft_async (cw_page_get_store (page), cw_page_get_identity (page), authority,
                                  progress_cb, page, g_task_get_cancellable (task), enrolled_cb,
                                  task);
}

static void
cw_review_page_apply_async (CwPage *page,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (page, cancellable, callback, user_data);
  CwIdentity *identity = cw_page_get_identity (page);

  if (cw_identity_get_is_authority (identity))
    enrol (page, task, cw_enrolment_create_authority_async, cw_enrolment_create_authority_finish);
  else if (cw_identity_get_signer (identity) == CW_SIGNER_SELF)
    enrol (page, task, cw_enrolment_self_sign_async, cw_enrolment_self_sign_finish);
  else if (cw_identity_get_signer (identity) == CW_SIGNER_AUTHORITY)
    enrol_by_authority (CW_REVIEW_PAGE (page), task);
  else
    enrol (page, task, cw_enrolment_request_async, cw_enrolment_request_finish);
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
