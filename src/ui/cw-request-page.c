/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-button-box.h"
#include "cw-date.h"
#include "cw-dialogs.h"
#include "cw-file.h"
#include "cw-fingerprint.h"
#include "cw-info-button.h"
#include "cw-problem-view.h"
#include "cw-recipe-window.h"
#include "cw-request-page.h"

struct _CwRequestPage
{
  CwPage parent_instance;

  CwProblemView *problem;
  AdwPreferencesGroup *request_group;
  AdwActionRow *sent_row;
  AdwActionRow *fingerprint_row;
  GtkLabel *pem;
};

G_DEFINE_FINAL_TYPE (CwRequestPage, cw_request_page, CW_TYPE_PAGE)

static void
copy_clicked_cb (CwRequestPage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_label (self->pem));
  cw_page_toast (CW_PAGE (self), _ ("The request is on the clipboard"));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwRequestPage) self = user_data;
  g_autofree char *name = cw_file_get_shown_name (G_FILE (source));
  g_autoptr (GError) cause = NULL;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &cause))
    {
      cw_page_toast (CW_PAGE (self), _ ("The request was saved"));
      return;
    }

  g_set_error (&error, cause->domain, cause->code,
               _ ("“%s” could not be saved: %s. Choose another folder, or make room there."), name,
               cause->message);
  cw_problem_view_set_error (self->problem, error, FALSE);
}

static void
save_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwRequestPage *self = CW_REQUEST_PAGE (source);
  g_autoptr (GFile) file = cw_dialog_save_finish (GTK_WIDGET (self), result);
  g_autoptr (GBytes) bytes = user_data;

  if (!file)
    return;

  cw_problem_view_set_error (self->problem, NULL, FALSE);
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       written_cb, g_object_ref (self));
}

/* A file name that every system takes, out of what the certificate is called. */
static char *
suggest_name (CwIdentity *identity, const char *extension)
{
  g_autofree char *title = cw_identity_get_title (identity);
  g_autofree char *ascii = g_str_to_ascii (title, NULL);

  g_strcanon (ascii, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "@._-", '-');
  return g_strconcat (*ascii == '.' ? "request" : ascii, extension, NULL);
}

static void
save_clicked_cb (CwRequestPage *self)
{
  g_autofree char *name = suggest_name (cw_page_get_identity (CW_PAGE (self)), ".csr");
  const char *pem = gtk_label_get_label (self->pem);

  cw_dialog_save_async (GTK_WIDGET (self), _ ("Save the Request"), name, save_chosen_cb,
                        g_bytes_new (pem, strlen (pem)));
}

static void
save_der_clicked_cb (CwRequestPage *self)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));
  g_autofree char *name = suggest_name (identity, ".der");

  cw_dialog_save_async (GTK_WIDGET (self), _ ("Save the Request"), name, save_chosen_cb,
                        g_bytes_ref (cw_identity_get_csr (identity)));
}

static void
mail_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwRequestPage) self = user_data;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GError) error = NULL;

  if (g_app_info_launch_default_for_uri_finish (result, &cause))
    return;

  g_set_error (
      &error, cause->domain, cause->code,
      _ ("No mail program could be opened: %s. Copy the request and paste it into a mail instead."),
      cause->message);
  cw_problem_view_set_error (self->problem, error, FALSE);
}

/* RFC 6068: line breaks in the body are CR LF. */
static char *
mail_escape (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *joined = g_strjoinv ("\r\n", lines);

  return g_uri_escape_string (joined, NULL, FALSE);
}

static void
mail_clicked_cb (CwRequestPage *self)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));
  g_autofree char *title = cw_identity_get_title (identity);
  g_autofree char *fingerprint = cw_csr_get_fingerprint (cw_identity_get_csr (identity));
  g_autofree char *subject = g_strdup_printf (_ ("Request for a client certificate: %s"), title);
  /* Translators: the body of a mail to the CA; the first %s is the certificate's
   * name, the second its fingerprint, the third the request itself */
  g_autofree char *body = g_strdup_printf (
      _ ("Hello,\n\nI need a client certificate for %s. Below is my certificate request (CSR).\n\n"
         "The certificate and the chain of its CA are best sent back as PEM or PKCS#7 (.p7b).\n"
         "The SHA-256 fingerprint of the request, to compare: %s\n\n%s\nThank you\n"),
      title, fingerprint, gtk_label_get_label (self->pem));
  g_autofree char *escaped_subject = mail_escape (subject);
  g_autofree char *escaped_body = mail_escape (body);
  g_autofree char *uri =
      g_strdup_printf ("mailto:?subject=%s&body=%s", escaped_subject, escaped_body);
  GdkAppLaunchContext *context =
      gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (self)));

  cw_problem_view_set_error (self->problem, NULL, FALSE);
  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context), NULL,
                                           mail_opened_cb, g_object_ref (self));
  g_object_unref (context);
}

static void
commands_clicked_cb (CwRequestPage *self)
{
  CwPage *page = CW_PAGE (self);

  cw_recipe_window_present (GTK_WIDGET (self), cw_page_get_store (page),
                            cw_page_get_profiles (page), cw_page_get_identity (page));
}

static void
cw_request_page_enter (CwPage *page)
{
  CwRequestPage *self = CW_REQUEST_PAGE (page);
  CwIdentity *identity = cw_page_get_identity (page);
  GBytes *csr = cw_identity_get_csr (identity);
  const gboolean waiting = cw_identity_get_chain (identity) == NULL;
  g_autofree char *pem = cw_csr_to_pem (csr);
  g_autofree char *fingerprint = cw_csr_get_fingerprint (csr);
  g_autofree char *wrapped = cw_fingerprint_wrap (fingerprint);
  g_autofree char *made = cw_date_format (cw_identity_get_requested_at (identity), NULL);

  cw_page_set_title (page, waiting ? _ ("Send the Request") : _ ("The Request"));
  cw_page_set_description (
      page, waiting ? _ ("Send this request to the service’s owner or their CA, by e-mail or a "
                         "ticket. It is not secret: the private key stays in your keyring.")
                    : _ ("The CA has answered this request with your certificate. It is kept to "
                         "compare, and is not secret."));
  adw_preferences_group_set_description (
      self->request_group, waiting ? _ ("You can close Certwright now. When the reply comes, open "
                                        "it again: this request waits in the list.")
                                   : NULL);
  gtk_label_set_label (self->pem, pem);
  adw_action_row_set_subtitle (self->fingerprint_row, wrapped);
  adw_action_row_set_subtitle (self->sent_row, made);
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  cw_page_set_next_label (page, waiting ? _ ("I Have the _Reply") : _ ("_Next"));
  cw_page_set_complete (page, TRUE);
}

static void
cw_request_page_class_init (CwRequestPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CW_PAGE_CLASS (klass)->enter = cw_request_page_enter;

  g_type_ensure (CW_TYPE_BUTTON_BOX);
  g_type_ensure (CW_TYPE_INFO_BUTTON);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-request-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwRequestPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CwRequestPage, request_group);
  gtk_widget_class_bind_template_child (widget_class, CwRequestPage, sent_row);
  gtk_widget_class_bind_template_child (widget_class, CwRequestPage, fingerprint_row);
  gtk_widget_class_bind_template_child (widget_class, CwRequestPage, pem);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_der_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, mail_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, commands_clicked_cb);
}

static void
cw_request_page_init (CwRequestPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
