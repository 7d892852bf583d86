/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-button-box.h"
#include "cw-chain-view.h"
#include "cw-comparison-view.h"
#include "cw-dialogs.h"
#include "cw-enrolment.h"
#include "cw-fetch.h"
#include "cw-found-view.h"
#include "cw-info-button.h"
#include "cw-problem-view.h"
#include "cw-reply-page.h"
#include "cw-reply.h"
#include "cw-report-view.h"

struct _CwReplyPage
{
  CwPage parent_instance;

  GtkWidget *drop_icon;
  GtkWidget *drop_hint;
  GtkWidget *choose_button;
  GtkWidget *paste_button;
  GtkWidget *folder_button;
  GtkSpinner *spinner;
  GtkWidget *passphrase_group;
  GtkEditable *passphrase_entry;
  CwProblemView *problem;
  CwFoundView *found_view;
  GtkLabel *summary;
  CwReportView *report_view;
  GtkWidget *chain_group;
  CwChainView *chain_view;
  CwComparisonView *comparison_view;

  CwReply *reply;            /* a thread's while busy */
  CwIdentity *target;        /* whose certificate was found; NULL for none */
  CwChain *chain;            /* that certificate */
  CwKey *key;                /* its private key, if it came along */
  GCancellable *cancellable; /* for all that was begun since the last start over */
  GQueue waiting;            /* of Work: what came while something was being read */
  gboolean busy;
};

/* A piece of reading and judging, of which threads do what takes long; begun and ended in the main
 * thread. */
typedef struct
{
  CwReplyPage *page;
  CwReply *reply;
  GListModel *files;
  GBytes *bytes;
  char *name;           /* of the bytes */
  CwSecret *passphrase; /* until it was tried */
  gboolean unlocks;     /* whether there was one */
  char **fingerprints;  /* of the keys that are ours */
  char *wanted;         /* that of the open identity */
  CwChain *chain;       /* what it found */
  GError *error;        /* why what is locked stays so */

  CwIdentity *target; /* whose certificate it is */
  char *other;        /* what that is called, if another one is open */
  CwRequest *asked;   /* the thread's own: a list model may not be read by two */
  CwProfile *profile;
  GDateTime *revoked_at;    /* when a CA that is kept here revoked it; NULL for never */
  GError *revocation_error; /* why that is not known */
  CwReport *report;         /* NULL if there is nothing to judge */
} Work;

G_DEFINE_FINAL_TYPE (CwReplyPage, cw_reply_page, CW_TYPE_PAGE)

/* What was found */

static void
show_found (CwReplyPage *self)
{
  const gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->reply)) > 0;
  const gboolean any_yours = self->chain || cw_page_get_identity (CW_PAGE (self));

  cw_found_view_set_reply (self->found_view, self->reply, any_yours);
  /* Room for what was found. */
  gtk_widget_set_visible (self->drop_icon, !any);
  gtk_widget_set_visible (self->drop_hint, !any);
  gtk_widget_set_visible (self->folder_button, !any);
  gtk_widget_set_visible (self->passphrase_group, cw_reply_needs_passphrase (self->reply));
}

/* Whose it is */

/* What is imported is for the consumer that was chosen last. */
static CwProfile *
dup_profile_of (CwReplyPage *self, CwIdentity *identity)
{
  GListModel *profiles = cw_page_get_profiles (CW_PAGE (self));
  const char *id = identity ? cw_identity_get_profile_id (identity) : NULL;
  g_autoptr (GSettings) settings = g_settings_new (APP_ID);
  g_autofree char *last = g_settings_get_string (settings, "last-profile");
  CwProfile *profile = cw_profiles_find (profiles, id ? id : last);

  return profile || id ? profile : g_list_model_get_item (profiles, 0);
}

static void
show_summary (CwReplyPage *self, const char *text)
{
  gtk_label_set_label (self->summary, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->summary), text != NULL);
}

/* There is something, but no certificate. */
static void
explain_others (CwReplyPage *self)
{
  g_auto (GStrv) keys = cw_store_get_key_fingerprints (cw_page_get_store (CW_PAGE (self)));
  const char *request = cw_reply_explain_request (self->reply, (const char *const *) keys);

  show_summary (self,
                request ? request : _ ("There is no certificate in it. Nothing was changed."));
}

static void
explain_nothing (CwReplyPage *self)
{
  g_autoptr (GPtrArray) certificates = cw_reply_get_certificates (self->reply);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->reply)) == 0)
    show_summary (self, NULL);
  else if (cw_reply_needs_passphrase (self->reply))
    show_summary (self, _ ("Enter the passphrase to see what is in the file."));
  else if (certificates->len > 0 && cw_page_get_identity (CW_PAGE (self)))
    show_summary (self, NULL); /* the report says it */
  else if (certificates->len > 0)
    show_summary (
        self, _ ("The private key of these certificates is not here, and no request of yours fits "
                 "them. Add the file that has the key."));
  else
    explain_others (self);
}

static void
explain_target (CwReplyPage *self)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));

  if (self->target && self->target != identity)
    {
      g_autofree char *title = cw_identity_get_title (self->target);
      /* Translators: %s is the name of another certificate in the list */
      g_autofree char *text = g_strdup_printf (
          _ ("This is the certificate for “%s”. It will be added to that entry."), title);

      show_summary (self, text);
    }
  else if (!self->target)
    {
      show_summary (self, _ ("The certificate and its key are both here. They can be imported."));
    }
  else
    {
      show_summary (self, NULL);
    }
}

/* Whose certificate it is: the open identity's if it fits, or else another's. */
static CwIdentity *
find_target (CwReplyPage *self, const char *fingerprint)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));

  if (identity && g_strcmp0 (cw_identity_get_key_fingerprint (identity), fingerprint) == 0)
    return identity;

  return cw_store_find_by_key (cw_page_get_store (CW_PAGE (self)), fingerprint);
}

static void
show_key_alone (CwReplyPage *self, CwKey *key)
{
  CwIdentity *other =
      cw_store_find_by_key (cw_page_get_store (CW_PAGE (self)), cw_key_get_fingerprint (key));

  if (other)
    {
      g_autofree char *title = cw_identity_get_title (other);
      /* Translators: %s is the name of an entry in the list */
      g_autofree char *text = g_strdup_printf (
          _ ("This key is in the list already, as “%s”. Nothing was changed."), title);

      show_summary (self, text);
      return;
    }

  self->key = cw_key_ref (key);
  show_summary (
      self, cw_reply_find_request (self->reply, cw_key_get_fingerprint (key))
                ? _ ("A key and its request. They can be imported, to wait for the certificate.")
                : _ ("A key without a certificate. It can be imported, and a request made "
                     "with it."));
}

static CwCertificate *
get_fetchable (CwReplyPage *self)
{
  return self->chain ? cw_chain_get_fetchable (self->chain) : NULL;
}

/* Below the report: what is wrong in it is said there first.
 * @report: (nullable) */
static void
show_chain (CwReplyPage *self, CwReport *report, gboolean revoked)
{
  cw_chain_view_set_chain (self->chain_view, self->chain, report, revoked, NULL);
  gtk_widget_set_visible (self->chain_group, self->chain != NULL);
}

/* @report: (nullable) */
static void
show_report (CwReplyPage *self, CwReport *report)
{
  cw_report_view_set_report (self->report_view, report, get_fetchable (self) != NULL);
  cw_comparison_view_set_rows (self->comparison_view,
                               report ? cw_report_get_comparison (report) : NULL);
}

/* @work: (nullable): what found it */
static void
show_result (CwReplyPage *self, const Work *work)
{
  CwIdentity *target = work ? work->target : NULL;
  CwChain *chain = work ? work->chain : NULL;

  g_set_object (&self->target, target);
  g_set_object (&self->chain, chain);
  g_clear_pointer (&self->key, cw_key_unref);

  if (chain)
    {
      CwKey *key = cw_reply_find_key (
          self->reply, cw_certificate_get_key_fingerprint (cw_chain_get_leaf (chain)));

      self->key = key ? cw_key_ref (key) : NULL;
      explain_target (self);
    }
  else if (!cw_page_get_identity (CW_PAGE (self)) && cw_reply_find_any_key (self->reply))
    {
      show_key_alone (self, cw_reply_find_any_key (self->reply));
    }
  else
    {
      explain_nothing (self);
    }

  show_report (self, work ? work->report : NULL);
  show_chain (self, work ? work->report : NULL, work && work->revoked_at);
  cw_page_set_complete (CW_PAGE (self), self->chain || self->key);
}

/* Reading */

static void
work_free (Work *work)
{
  g_clear_object (&work->reply);
  g_clear_object (&work->files);
  g_clear_pointer (&work->bytes, g_bytes_unref);
  g_clear_pointer (&work->name, g_free);
  g_clear_pointer (&work->passphrase, cw_secret_unref);
  g_clear_pointer (&work->fingerprints, g_strfreev);
  g_clear_pointer (&work->wanted, g_free);
  g_clear_object (&work->chain);
  g_clear_error (&work->error);
  g_clear_object (&work->target);
  g_clear_pointer (&work->other, g_free);
  g_clear_object (&work->asked);
  g_clear_object (&work->profile);
  g_clear_pointer (&work->revoked_at, g_date_time_unref);
  g_clear_error (&work->revocation_error);
  g_clear_object (&work->report);
  g_clear_object (&work->page);
  g_free (work);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Work, work_free)

static void
set_busy (CwReplyPage *self, gboolean busy)
{
  self->busy = busy;
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_widget_set_sensitive (self->choose_button, !busy);
  gtk_widget_set_sensitive (self->paste_button, !busy);
  gtk_widget_set_sensitive (self->folder_button, !busy);
  if (busy)
    cw_page_set_complete (CW_PAGE (self), FALSE);
}

/* Gives the roles, and builds the chain: over many certificates that takes its time. */
static void
find_chain (Work *work)
{
  const char *const *fingerprints = (const char *const *) work->fingerprints;
  g_autoptr (GPtrArray) ours = cw_reply_assign_roles (work->reply, fingerprints);
  g_autoptr (GPtrArray) certificates = cw_reply_get_certificates (work->reply);
  CwCertificate *leaf = cw_reply_choose_leaf (ours, work->wanted, fingerprints);

  if (leaf)
    work->chain = cw_chain_new (leaf, certificates, NULL);
}

static void
read_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Work *work = task_data;

  for (guint i = 0; work->files && i < g_list_model_get_n_items (work->files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (work->files, i);

      cw_reply_add_file (work->reply, file, cancellable);
    }
  if (work->bytes)
    cw_reply_add_bytes (work->reply, work->bytes, work->name);
  if (work->passphrase)
    cw_reply_unlock (work->reply, work->passphrase, cancellable, &work->error);
  g_clear_pointer (&work->passphrase, cw_secret_unref);
  find_chain (work);
  g_task_return_boolean (task, TRUE);
}

/* Revocation lists of many megabytes are gone through, and their signatures verified. */
static void
judge_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Work *work = task_data;

  work->report = cw_report_new (&(CwReportInput){ .asked = work->asked,
                                                  .chain = work->chain,
                                                  .reply = work->reply,
                                                  .profile = work->profile,
                                                  .other_request = work->other,
                                                  .revoked_at = work->revoked_at,
                                                  .cancellable = cancellable,
                                                  .revocation_error = work->revocation_error });
  g_task_return_boolean (task, TRUE);
}

/* A task may end in its thread, where no widget may: it owns nothing. */
static void
run_in_thread (Work *work, GTaskThreadFunc function, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (NULL, work->page->cancellable, callback, work);

  g_task_set_check_cancellable (task, FALSE); /* the callback looks itself */
  g_task_set_task_data (task, work, NULL);
  g_task_run_in_thread (task, function);
}

/* Whether it was started over meanwhile. */
static gboolean
is_stale (Work *work)
{
  return work->reply != work->page->reply || !cw_page_get_store (CW_PAGE (work->page));
}

static void start_work (CwReplyPage *self, Work *work);

static void
show_work (Work *work)
{
  CwReplyPage *self = work->page;

  set_busy (self, FALSE);

  cw_problem_view_set_error (self->problem, work->error, FALSE);
  /* Before the entry is hidden: one that is hidden while it has the keyboard never learns that it
   * has lost it. */
  if (work->unlocks && !cw_reply_needs_passphrase (self->reply))
    gtk_widget_grab_focus (self->choose_button);
  show_result (self, work);
  show_found (self);
  if (cw_reply_needs_passphrase (self->reply))
    gtk_widget_grab_focus (GTK_WIDGET (self->passphrase_entry));
  if (!g_queue_is_empty (&self->waiting))
    start_work (self, g_queue_pop_head (&self->waiting));
}

static void
judged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Work) work = user_data;

  if (!is_stale (work))
    show_work (work);
}

/* Whether there is a certificate of ours, or at least the open identity waits for what is there,
 * and all of it could be opened. */
static gboolean
can_be_judged (Work *work)
{
  g_autoptr (GPtrArray) certificates = cw_reply_get_certificates (work->reply);

  return work->chain || (cw_page_get_identity (CW_PAGE (work->page)) && certificates->len > 0 &&
                         !cw_reply_needs_passphrase (work->reply));
}

/* Takes the work. */
static void
judge (Work *work)
{
  g_autoptr (Work) owned = work;
  CwIdentity *open = cw_page_get_identity (CW_PAGE (work->page));
  CwIdentity *identity = work->chain ? work->target : open;

  if (!can_be_judged (work))
    {
      show_work (work);
      return;
    }

  if (identity && cw_identity_get_csr (identity))
    work->asked = cw_request_new_from_csr (cw_identity_get_csr (identity), NULL);
  if (work->target && open && work->target != open)
    work->other = cw_identity_get_title (work->target);
  work->profile = dup_profile_of (work->page, identity);
  run_in_thread (g_steal_pointer (&owned), judge_thread, judged_cb);
}

static void
revocation_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Work) work = user_data;

  cw_store_find_revocation_finish (CW_STORE (source), result, &work->revoked_at,
                                   &work->revocation_error);
  if (!is_stale (work))
    judge (g_steal_pointer (&work));
}

/* No list need have come along for what a CA that is kept here has revoked. */
static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Work) work = user_data;
  CwReplyPage *self = work->page;
  CwCertificate *leaf = work->chain ? cw_chain_get_leaf (work->chain) : NULL;

  if (is_stale (work))
    return;

  if (!leaf)
    {
      judge (g_steal_pointer (&work));
      return;
    }

  g_set_object (&work->target, find_target (self, cw_certificate_get_key_fingerprint (leaf)));
  cw_store_find_revocation_async (cw_page_get_store (CW_PAGE (self)), leaf, self->cancellable,
                                  revocation_found_cb, g_steal_pointer (&work));
}

/* Takes the work. */
static void
start_work (CwReplyPage *self, Work *work)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));

  if (self->busy)
    {
      g_queue_push_tail (&self->waiting, work);
      return;
    }

  work->page = g_object_ref (self);
  work->reply = g_object_ref (self->reply);
  work->fingerprints = cw_store_get_key_fingerprints (cw_page_get_store (CW_PAGE (self)));
  work->wanted = identity ? g_strdup (cw_identity_get_key_fingerprint (identity)) : NULL;
  set_busy (self, TRUE);
  run_in_thread (work, read_thread, read_cb);
}

static void
read_files (CwReplyPage *self, GListModel *files)
{
  Work *work = g_new0 (Work, 1);

  work->files = g_object_ref (files);
  start_work (self, work);
}

static void
read_bytes (CwReplyPage *self, GBytes *bytes, const char *name)
{
  Work *work = g_new0 (Work, 1);

  work->bytes = g_bytes_ref (bytes);
  work->name = g_strdup (name);
  start_work (self, work);
}

static void
unlock_cb (CwReplyPage *self)
{
  const char *text = gtk_editable_get_text (self->passphrase_entry);
  Work *work;

  if (self->busy)
    return;

  work = g_new0 (Work, 1);
  work->passphrase = cw_secret_new (text, -1);
  work->unlocks = TRUE;
  gtk_editable_set_text (self->passphrase_entry, "");
  start_work (self, work);
}

static void
start_over_cb (CwReplyPage *self)
{
  gtk_editable_set_text (self->passphrase_entry, "");
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_queue_clear_full (&self->waiting, (GDestroyNotify) work_free);
  g_clear_object (&self->reply);
  self->reply = cw_reply_new ();
  set_busy (self, FALSE);
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  show_result (self, NULL);
  show_found (self);
}

/* Ways in */

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwReplyPage *self = CW_REPLY_PAGE (source);
  g_autoptr (GListModel) files = cw_dialog_open_finish (GTK_WIDGET (self), result);

  if (files)
    read_files (self, files);
}

static void
choose_clicked_cb (CwReplyPage *self)
{
  cw_dialog_open_async (GTK_WIDGET (self), _ ("Choose What the CA Sent"), TRUE, chosen_cb, NULL);
}

static void
folder_clicked_cb (CwReplyPage *self)
{
  cw_dialog_open_folder_async (GTK_WIDGET (self), _ ("Choose a Folder"), chosen_cb, NULL);
}

static void
wipe_text (gpointer text)
{
  cw_secret_unref (cw_secret_new_wiping (text));
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwReplyPage) self = user_data;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!text || *text == '\0')
    {
      g_free (text);
      cw_page_toast (CW_PAGE (self), _ ("There is no text on the clipboard"));
      return;
    }

  /* It may hold a private key. */
  bytes = g_bytes_new_with_free_func (text, strlen (text), wipe_text, text);
  read_bytes (self, bytes, _ ("Pasted text"));
}

static void
files_pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwReplyPage) self = user_data;
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);
  GSList *list = value ? g_value_get_boxed (value) : NULL;

  for (; list; list = list->next)
    g_list_store_append (files, list->data);
  if (g_list_model_get_n_items (G_LIST_MODEL (files)) > 0)
    read_files (self, G_LIST_MODEL (files));
}

/* Files that were copied in a file manager, or else text. */
static void
paste_clicked_cb (CwReplyPage *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));

  if (gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT,
                                    self->cancellable, files_pasted_cb, g_object_ref (self));
  else
    gdk_clipboard_read_text_async (clipboard, self->cancellable, pasted_cb, g_object_ref (self));
}

static void
paste_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  paste_clicked_cb (CW_REPLY_PAGE (widget));
}

/* Fetching what is missing */

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwReplyPage) self = user_data;
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwCertificate) issuer = cw_fetch_issuer_finish (result, &address, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      !cw_page_get_store (CW_PAGE (self)))
    return; /* started over meanwhile */

  set_busy (self, FALSE);
  cw_page_set_complete (CW_PAGE (self), TRUE);
  cw_problem_view_set_error (self->problem, error, FALSE);
  if (issuer)
    read_bytes (self, cw_certificate_get_der (issuer), address);
  else if (!g_queue_is_empty (&self->waiting))
    start_work (self, g_queue_pop_head (&self->waiting));
}

static void
fetch_confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwReplyPage *self = CW_REPLY_PAGE (source);
  CwCertificate *certificate = get_fetchable (self);

  if (!cw_dialog_confirm_finish (GTK_WIDGET (self), result) || self->busy || !certificate)
    return;

  set_busy (self, TRUE);
  cw_fetch_issuer_async (certificate, self->cancellable, fetched_cb, g_object_ref (self));
}

static void
fetch_cb (CwReplyPage *self)
{
  CwCertificate *certificate = get_fetchable (self);
  g_autofree char *addresses = NULL;
  g_autofree char *body = NULL;

  if (!certificate || self->busy)
    return;

  addresses = cw_fetch_get_addresses (certificate);
  /* Translators: a certificate's name, one or more addresses on the web, and the name again */
  body = g_strdup_printf (_ ("“%s” says that the certificate of its CA is here:\n\n%s\n\nWhoever "
                             "runs that server sees that you ask for it. What comes back is used "
                             "only if it is what signed “%s”."),
                          cw_certificate_get_title (certificate), addresses,
                          cw_certificate_get_title (certificate));
  cw_dialog_confirm_async (GTK_WIDGET (self), _ ("Fetch the CA’s Certificate?"), body, _ ("_Fetch"),
                           FALSE, fetch_confirmed_cb, NULL);
}

/* The page */

static void
cw_reply_page_enter (CwPage *page)
{
  CwReplyPage *self = CW_REPLY_PAGE (page);
  const gboolean importing = cw_page_get_identity (page) == NULL;

  cw_page_set_title (page, importing ? _ ("Import Your Files") : _ ("The Reply"));
  cw_page_set_description (
      page,
      importing
          ? _ ("A key, a certificate with its key, or a bundle with everything in it.")
          : _ ("Whatever the CA sent, in whatever form: Certwright finds out what is in it."));
  adw_preferences_group_set_description (
      ADW_PREFERENCES_GROUP (self->passphrase_group),
      importing ? _ ("A file is encrypted. Enter the passphrase that it was made with.")
                : _ ("A file is encrypted. Whoever sent it can tell you its passphrase."));
  cw_page_set_next_label (page, importing ? _ ("_Import") : _ ("_Accept Certificate"));
  start_over_cb (self);
}

static void
cw_reply_page_leave (CwPage *page)
{
  start_over_cb (CW_REPLY_PAGE (page));
}

static void
accepted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CwReplyPage *self = g_task_get_source_object (task);
  CwIdentity *target = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cw_enrolment_accept_finish (CW_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  /* Before the task returns, or the wizard would go on with the one that is open. */
  if (target != cw_page_get_identity (CW_PAGE (self)))
    cw_page_open_identity (CW_PAGE (self), target);
  g_task_return_boolean (task, TRUE);
}

static void
imported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (CwIdentity) identity = NULL;
  GError *error = NULL;

  identity = cw_enrolment_import_finish (CW_STORE (source), result, &error);
  if (!identity)
    {
      g_task_return_error (task, error);
      return;
    }

  cw_page_open_identity (CW_PAGE (g_task_get_source_object (task)), identity);
  g_task_return_boolean (task, TRUE);
}

/* An identity that has a certificate keeps it until the new one is accepted: and that is asked. */
static void
replace_confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwReplyPage *self = CW_REPLY_PAGE (source);
  g_autoptr (GTask) task = user_data;

  if (cw_dialog_confirm_finish (GTK_WIDGET (self), result))
    cw_enrolment_accept_async (cw_page_get_store (CW_PAGE (self)), self->target, self->chain,
                               self->key, g_task_get_cancellable (task), accepted_cb,
                               g_object_ref (task));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
}

static gboolean
replaces_another (CwReplyPage *self)
{
  CwChain *chain = self->target ? cw_identity_get_chain (self->target) : NULL;

  return chain &&
         !cw_certificate_equal (cw_chain_get_leaf (chain), cw_chain_get_leaf (self->chain));
}

static void
cw_reply_page_apply_async (CwPage *page,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  CwReplyPage *self = CW_REPLY_PAGE (page);
  CwStore *store = cw_page_get_store (page);
  GTask *task = g_task_new (page, cancellable, callback, user_data);

  cw_page_set_activity (page, _ ("Storing…"));
  if (self->target)
    g_task_set_task_data (task, g_object_ref (self->target), g_object_unref);
  if (replaces_another (self))
    {
      cw_dialog_confirm_async (GTK_WIDGET (self), _ ("Replace the Certificate?"),
                               _ ("This entry has another certificate already, for the same key. "
                                  "It will be replaced by this one."),
                               _ ("_Replace"), FALSE, replace_confirmed_cb, task);
    }
  else if (self->target && self->chain)
    {
      cw_enrolment_accept_async (store, self->target, self->chain, self->key, cancellable,
                                 accepted_cb, task);
    }
  else
    {
      g_autoptr (CwProfile) profile = dup_profile_of (self, NULL);

      cw_enrolment_import_async (
          store, self->key, self->chain,
          cw_reply_find_request (self->reply, cw_key_get_fingerprint (self->key)),
          profile ? cw_profile_get_id (profile) : NULL, cancellable, imported_cb, task);
    }
}

static void
cw_reply_page_dispose (GObject *object)
{
  CwReplyPage *self = CW_REPLY_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) work_free);
  g_clear_object (&self->reply);
  g_clear_object (&self->target);
  g_clear_object (&self->chain);
  g_clear_pointer (&self->key, cw_key_unref);

  G_OBJECT_CLASS (cw_reply_page_parent_class)->dispose (object);
}

static void
cw_reply_page_class_init (CwReplyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_reply_page_dispose;
  CW_PAGE_CLASS (klass)->enter = cw_reply_page_enter;
  CW_PAGE_CLASS (klass)->leave = cw_reply_page_leave;
  CW_PAGE_CLASS (klass)->apply_async = cw_reply_page_apply_async;

  g_type_ensure (CW_TYPE_BUTTON_BOX);
  g_type_ensure (CW_TYPE_CHAIN_VIEW);
  g_type_ensure (CW_TYPE_COMPARISON_VIEW);
  g_type_ensure (CW_TYPE_FOUND_VIEW);
  g_type_ensure (CW_TYPE_INFO_BUTTON);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  g_type_ensure (CW_TYPE_REPORT_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-reply-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, drop_icon);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, drop_hint);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, choose_button);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, paste_button);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, folder_button);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, passphrase_group);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, passphrase_entry);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, found_view);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, summary);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, report_view);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, chain_group);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, chain_view);
  gtk_widget_class_bind_template_child (widget_class, CwReplyPage, comparison_view);
  gtk_widget_class_bind_template_callback (widget_class, choose_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, paste_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, folder_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, fetch_cb);
  gtk_widget_class_bind_template_callback (widget_class, start_over_cb);
  gtk_widget_class_bind_template_callback (widget_class, unlock_cb);

  gtk_widget_class_install_action (widget_class, "reply.paste", NULL, paste_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "reply.paste",
                                       NULL);
}

static void
cw_reply_page_init (CwReplyPage *self)
{
  self->reply = cw_reply_new ();
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->waiting);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cw_reply_page_add_files (CwReplyPage *self, GListModel *files)
{
  g_return_if_fail (CW_IS_REPLY_PAGE (self));
  g_return_if_fail (G_IS_LIST_MODEL (files));

  read_files (self, files);
}
