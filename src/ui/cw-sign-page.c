/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-button-box.h"
#include "cw-date.h"
#include "cw-dialogs.h"
#include "cw-enrolment.h"
#include "cw-error.h"
#include "cw-grant-view.h"
#include "cw-problem-view.h"
#include "cw-reply.h"
#include "cw-save.h"
#include "cw-sign-page.h"

struct _CwSignPage
{
  AdwBin parent_instance;

  AdwWindowTitle *window_title;
  GtkWidget *back_button;
  GtkWidget *sign_button;
  GtkLabel *sign_label;
  GtkSpinner *spinner;
  GtkStack *stack;
  GtkWidget *source_page;
  GtkWidget *grant_page;
  GtkWidget *done_page;
  GtkWidget *choose_button;
  GtkWidget *paste_button;
  CwProblemView *source_problem;
  CwProblemView *grant_problem;
  CwProblemView *result_problem;
  CwGrantView *grant_view;
  GtkLabel *result;
  GtkWidget *use_button;

  CwStore *store;
  CwIdentity *authority;
  CwIdentity *waiting; /* whose request it is; NULL if it came from elsewhere */
  CwGrant *grant;
  CwChain *chain;            /* what was signed */
  GCancellable *cancellable; /* while something is read or signed */
  gboolean opened_waiting;   /* there is no source page to go back to */
};

G_DEFINE_FINAL_TYPE (CwSignPage, cw_sign_page, ADW_TYPE_BIN)

enum
{
  BACK,
  USE,
  TOAST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What is read in a thread. */
typedef struct
{
  CwReply *reply;
  GListModel *files;
  GBytes *bytes;
} Source;

static gboolean
is_showing (CwSignPage *self, GtkWidget *page)
{
  return gtk_stack_get_visible_child (self->stack) == page;
}

/* On the review, or to end on the last page. */
static void
update_button (CwSignPage *self)
{
  const gboolean done = is_showing (self, self->done_page);

  gtk_label_set_label (self->sign_label, done ? _ ("_Done") : _ ("_Sign Certificate"));
  gtk_widget_set_visible (self->sign_button, !is_showing (self, self->source_page));
  gtk_widget_set_sensitive (self->sign_button,
                            done ||
                                (!self->cancellable && cw_grant_view_get_valid (self->grant_view)));
}

static void
set_busy (CwSignPage *self, gboolean busy)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (busy)
    self->cancellable = g_cancellable_new ();

  /* The keyboard goes first: an entry that is made insensitive while it has it
   * never learns that it has lost it. */
  if (busy)
    gtk_widget_grab_focus (self->back_button);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_widget_set_sensitive (self->choose_button, !busy);
  gtk_widget_set_sensitive (self->paste_button, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->grant_view), !busy);
  update_button (self);
}

static void
show_page (CwSignPage *self, GtkWidget *page)
{
  gtk_stack_set_visible_child (self->stack, page);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page)), 0);
  update_button (self);
}

static void
set_problem (CwSignPage *self, const GError *error)
{
  cw_problem_view_set_error (self->source_problem, error, FALSE);
  cw_problem_view_set_error (self->grant_problem, error, FALSE);
  cw_problem_view_set_error (self->result_problem, error, FALSE);
}

static void
toast (CwSignPage *self, const char *text)
{
  g_signal_emit (self, signals[TOAST], 0, text);
}

static CwCertificate *
get_certificate (CwSignPage *self)
{
  return cw_chain_get_leaf (cw_identity_get_chain (self->authority));
}

/* The request */

/* One that waits here gets its certificate at once, whichever way its request came. */
static CwIdentity *
find_waiting (CwSignPage *self)
{
  CwIdentity *identity =
      cw_store_find_by_key (self->store, cw_grant_get_key_fingerprint (self->grant));

  return identity && cw_identity_get_state (identity, NULL) == CW_IDENTITY_WAITING ? identity
                                                                                   : NULL;
}

static void
open_request (CwSignPage *self, GBytes *csr)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwGrant) grant = cw_grant_new_from_csr (csr, &error);

  set_problem (self, error);
  if (!grant)
    return;

  g_set_object (&self->grant, grant);
  g_set_object (&self->waiting, find_waiting (self));
  cw_grant_view_set_grant (self->grant_view, grant, get_certificate (self));
  show_page (self, self->grant_page);
}

static void
source_free (Source *source)
{
  g_clear_object (&source->reply);
  g_clear_object (&source->files);
  g_clear_pointer (&source->bytes, g_bytes_unref);
  g_free (source);
}

static void
read_thread (GTask *task, gpointer object, gpointer task_data, GCancellable *cancellable)
{
  Source *source = task_data;

  for (guint i = 0; source->files && i < g_list_model_get_n_items (source->files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (source->files, i);

      cw_reply_add_file (source->reply, file, cancellable);
    }
  if (source->bytes)
    cw_reply_add_bytes (source->reply, source->bytes, _ ("Pasted text"));
  g_task_return_boolean (task, TRUE);
}

static CwReplyItem *
find_item (CwReply *reply, CwReplyKind kind)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);

      if (cw_reply_item_get_kind (item) == kind)
        return item; /* the reply keeps it */
    }

  return NULL;
}

static void
explain_no_request (CwSignPage *self, CwReply *reply)
{
  CwReplyItem *unreadable = find_item (reply, CW_REPLY_KIND_UNREADABLE);
  const GError *cause = unreadable ? cw_reply_item_get_error (unreadable) : NULL;
  g_autoptr (GError) error = NULL;

  if (cause)
    {
      set_problem (self, cause);
      return;
    }
  g_set_error_literal (&error, CW_ERROR, CW_ERROR_UNREADABLE,
                       find_item (reply, CW_REPLY_KIND_CERTIFICATE)
                           ? _ ("That is a certificate, not a request. Ask for the request (CSR) "
                                "that was made with the key.")
                           : _ ("There is no request in it. It begins with “-----BEGIN "
                                "CERTIFICATE REQUEST-----”."));
  set_problem (self, error);
}

static void
explain_several (CwSignPage *self, guint n_requests)
{
  g_autoptr (GError) error =
      g_error_new (CW_ERROR, CW_ERROR_UNREADABLE,
                   ngettext ("There is %u request in it.",
                             "There are %u requests in it. Sign them one by one: choose a file, or "
                             "copy a text, with one of them.",
                             n_requests),
                   n_requests);

  set_problem (self, error);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  CwSignPage *self = CW_SIGN_PAGE (object);
  Source *source = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) requests = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    return; /* cancelled: somebody has gone elsewhere */

  set_busy (self, FALSE);
  requests = cw_reply_get_requests (source->reply);
  if (requests->len == 1)
    open_request (self, requests->pdata[0]);
  else if (requests->len > 1)
    explain_several (self, requests->len);
  else
    explain_no_request (self, source->reply);
}

static void
read_source (CwSignPage *self, GListModel *files, GBytes *bytes)
{
  g_autoptr (GTask) task = NULL;
  Source *source;

  set_problem (self, NULL);
  set_busy (self, TRUE);
  source = g_new0 (Source, 1);
  source->reply = cw_reply_new ();
  source->files = files ? g_object_ref (files) : NULL;
  source->bytes = bytes ? g_bytes_ref (bytes) : NULL;
  task = g_task_new (self, self->cancellable, read_cb, NULL);
  g_task_set_task_data (task, source, (GDestroyNotify) source_free);
  g_task_run_in_thread (task, read_thread);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwSignPage *self = CW_SIGN_PAGE (source);
  g_autoptr (GListModel) files = cw_dialog_open_finish (GTK_WIDGET (self), result);

  if (files)
    cw_sign_page_add_files (self, files);
}

static void
choose_clicked_cb (CwSignPage *self)
{
  cw_dialog_open_async (GTK_WIDGET (self), _ ("Choose the Request"), FALSE, chosen_cb, NULL);
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwSignPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_autoptr (GBytes) bytes = NULL;

  if (!self->store || !is_showing (self, self->source_page) || self->cancellable)
    return;

  if (!text || *text == '\0')
    {
      g_autoptr (GError) empty = g_error_new_literal (CW_ERROR, CW_ERROR_UNREADABLE,
                                                      _ ("There is no text on the clipboard."));

      set_problem (self, empty);
      return;
    }
  bytes = g_bytes_new (text, strlen (text));
  read_source (self, NULL, bytes);
}

static void
paste_clicked_cb (CwSignPage *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, pasted_cb,
                                 g_object_ref (self));
}

/* Signing */

static void
show_result (CwSignPage *self)
{
  GDateTime *not_after = cw_certificate_get_not_after (cw_chain_get_leaf (self->chain));
  g_autofree char *until = cw_date_format (not_after, NULL);
  g_autofree char *title = self->waiting ? cw_identity_get_title (self->waiting) : NULL;
  g_autofree char *text =
      title /* Translators: a certificate's name, and a day: "3 May 2027, in 5 months" */
          ? g_strdup_printf (_ ("“%s” has its certificate now. It is valid until %s."), title,
                             until)
          : g_strdup_printf (_ ("Send the certificate back to whoever asked for it. It is not "
                                "secret. It is valid until %s."),
                             until);

  gtk_label_set_label (self->result, text);
  gtk_widget_set_visible (self->use_button, self->waiting != NULL);
  show_page (self, self->done_page);
}

static void
issued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwSignPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwChain) chain = cw_enrolment_issue_finish (CW_STORE (source), result, &error);

  set_busy (self, FALSE);
  if (!self->store)
    return;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_problem (self, error);
  if (!chain)
    return;

  g_set_object (&self->chain, chain);
  show_result (self);
}

static void
sign_clicked_cb (CwSignPage *self)
{
  if (is_showing (self, self->done_page))
    {
      g_signal_emit (self, signals[BACK], 0);
      return;
    }

  set_problem (self, NULL);
  set_busy (self, TRUE);
  cw_enrolment_issue_async (self->store, self->authority, self->grant, self->waiting,
                            self->cancellable, issued_cb, g_object_ref (self));
}

/* Back also cancels. What is being signed may have been recorded already: its end is awaited. */
static void
back_clicked_cb (CwSignPage *self)
{
  if (self->cancellable && is_showing (self, self->grant_page))
    {
      g_cancellable_cancel (self->cancellable);
      return;
    }

  set_busy (self, FALSE);
  if (is_showing (self, self->grant_page) && !self->opened_waiting)
    show_page (self, self->source_page);
  else
    g_signal_emit (self, signals[BACK], 0);
}

/* What was signed */

static void
use_clicked_cb (CwSignPage *self)
{
  g_signal_emit (self, signals[USE], 0, self->waiting);
}

static void
copy_activated_cb (CwSignPage *self)
{
  g_autofree char *pem = cw_certificate_to_pem (cw_chain_get_leaf (self->chain));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), pem);
  toast (self, _ ("Certificate copied"));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwSignPage *self = CW_SIGN_PAGE (source);
  g_autoptr (GError) error = NULL;

  if (cw_save_finish (GTK_WIDGET (self), result, &error))
    toast (self, _ ("Certificate saved"));
  set_problem (self, error);
}

static void
save_activated_cb (CwSignPage *self)
{
  CwCertificate *leaf = cw_chain_get_leaf (self->chain);
  g_autofree char *name = cw_save_suggest_name (cw_certificate_get_title (leaf), ".crt");
  g_autofree char *pem = cw_certificate_to_pem (leaf);

  cw_save_async (GTK_WIDGET (self), _ ("Save the Certificate"), name, pem, saved_cb, NULL);
}

static void
save_chain_activated_cb (CwSignPage *self)
{
  CwCertificate *leaf = cw_chain_get_leaf (self->chain);
  g_autofree char *name = cw_save_suggest_name (cw_certificate_get_title (leaf), "-fullchain.crt");
  g_autofree char *pem = cw_chain_to_pem (self->chain, TRUE);

  cw_save_async (GTK_WIDGET (self), _ ("Save the Certificate with Its Chain"), name, pem, saved_cb,
                 NULL);
}

static void
cw_sign_page_dispose (GObject *object)
{
  CwSignPage *self = CW_SIGN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  g_clear_object (&self->authority);
  g_clear_object (&self->waiting);
  g_clear_object (&self->grant);
  g_clear_object (&self->chain);

  G_OBJECT_CLASS (cw_sign_page_parent_class)->dispose (object);
}

static void
cw_sign_page_class_init (CwSignPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_sign_page_dispose;

  signals[BACK] = g_signal_new ("back", CW_TYPE_SIGN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[USE] = g_signal_new ("use", CW_TYPE_SIGN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, CW_TYPE_IDENTITY);
  signals[TOAST] = g_signal_new ("toast", CW_TYPE_SIGN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (CW_TYPE_BUTTON_BOX);
  g_type_ensure (CW_TYPE_GRANT_VIEW);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-sign-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, sign_button);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, sign_label);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, source_page);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, grant_page);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, done_page);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, choose_button);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, paste_button);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, source_problem);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, grant_problem);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, result_problem);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, grant_view);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, result);
  gtk_widget_class_bind_template_child (widget_class, CwSignPage, use_button);
  gtk_widget_class_bind_template_callback (widget_class, update_button);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, paste_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_chain_activated_cb);
}

static void
cw_sign_page_init (CwSignPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cw_accessibility_name_buttons (GTK_WIDGET (self));
  cw_accessibility_watch_pages (GTK_WIDGET (self->stack));
}

void
cw_sign_page_set_store (CwSignPage *self, CwStore *store)
{
  g_return_if_fail (CW_IS_SIGN_PAGE (self));
  g_return_if_fail (CW_IS_STORE (store));

  g_set_object (&self->store, store);
}

CwIdentity *
cw_sign_page_get_authority (CwSignPage *self)
{
  g_return_val_if_fail (CW_IS_SIGN_PAGE (self), NULL);

  return self->authority;
}

void
cw_sign_page_open (CwSignPage *self, CwIdentity *authority, CwIdentity *waiting)
{
  g_autofree char *title = NULL;

  g_return_if_fail (CW_IS_SIGN_PAGE (self));
  g_return_if_fail (CW_IS_IDENTITY (authority));
  g_return_if_fail (waiting == NULL || CW_IS_IDENTITY (waiting));

  title = cw_identity_get_title (authority);
  adw_window_title_set_subtitle (self->window_title, title);
  g_set_object (&self->authority, authority);
  g_clear_object (&self->waiting);
  g_clear_object (&self->grant);
  g_clear_object (&self->chain);
  cw_grant_view_set_grant (self->grant_view, NULL, NULL);
  self->opened_waiting = waiting != NULL;

  set_problem (self, NULL);
  set_busy (self, FALSE);
  show_page (self, self->source_page);
  if (waiting)
    open_request (self, cw_identity_get_csr (waiting));
}

void
cw_sign_page_add_files (CwSignPage *self, GListModel *files)
{
  g_return_if_fail (CW_IS_SIGN_PAGE (self));
  g_return_if_fail (G_IS_LIST_MODEL (files));

  if (self->cancellable)
    return;

  show_page (self, self->source_page);
  read_source (self, files, NULL);
}

gboolean
cw_sign_page_is_busy (CwSignPage *self)
{
  g_return_val_if_fail (CW_IS_SIGN_PAGE (self), FALSE);

  return self->cancellable && is_showing (self, self->grant_page);
}
