/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-dialogs.h"
#include "cw-info-button.h"
#include "cw-problem-view.h"
#include "cw-reply.h"
#include "cw-server-group.h"
#include "cw-text.h"

struct _CwServerGroup
{
  AdwPreferencesGroup parent_instance;

  GtkCheckButton *system_check;
  GtkCheckButton *reply_check;
  GtkCheckButton *file_check;
  AdwActionRow *reply_row;
  AdwActionRow *file_row;
  GtkSwitch *verify_switch;
  GtkWidget *no_verify_row;
  CwProblemView *problem;

  CwIdentity *identity;
  const char *activity;
  char *named_pem; /* the file's CAs that are, or are about to be, named */
  GCancellable *cancellable;
  gboolean filling;
};

/* How many of a file's CAs are named. */
#define MAX_CAS_NAMED 5

/* Finding the names of CAs, in a thread: a file may hold hundreds. */
typedef struct
{
  char *reply_cas;
  char *file_cas;
  char *reply_names;
  char *file_names;
} Naming;

/* Reading a file of CAs, in a thread. */
typedef struct
{
  CwReply *reply;
  GFile *file;
  GCancellable *cancellable; /* another identity is shown */
} Reading;

G_DEFINE_FINAL_TYPE (CwServerGroup, cw_server_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  PROP_0,
  PROP_ACTIVITY,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
set_activity (CwServerGroup *self, const char *activity)
{
  self->activity = activity;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVITY]);
}

/* The names */

static char *
describe_cas (const char *pem)
{
  g_autoptr (GPtrArray) certificates = pem ? cw_certificates_from_pem (pem, NULL) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (!certificates || certificates->len == 0)
    return NULL;

  for (guint i = 0; i < MIN (certificates->len, MAX_CAS_NAMED); i++)
    cw_text_append_item (text, cw_certificate_get_title (certificates->pdata[i]));
  if (certificates->len > MAX_CAS_NAMED)
    g_string_append_printf (
        text,
        /* Translators: after some names: how many more there are */
        ngettext (" and %u more", " and %u more", certificates->len - MAX_CAS_NAMED),
        certificates->len - MAX_CAS_NAMED);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
naming_free (Naming *work)
{
  g_free (work->reply_cas);
  g_free (work->file_cas);
  g_free (work->reply_names);
  g_free (work->file_names);
  g_free (work);
}

static void
name_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Naming *work = task_data;

  work->reply_names = describe_cas (work->reply_cas);
  work->file_names = describe_cas (work->file_cas);
  g_task_return_boolean (task, TRUE);
}

static void
named_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwServerGroup) self = user_data;
  Naming *work = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), NULL) ||
      g_strcmp0 (work->file_cas, self->named_pem) != 0)
    return; /* another one is shown by now, or another file was chosen */

  adw_action_row_set_subtitle (self->reply_row, work->reply_names
                                                    ? work->reply_names
                                                    : _ ("No root certificate came with it"));
  adw_action_row_set_subtitle (self->file_row, work->file_names
                                                   ? work->file_names
                                                   : _ ("If the service’s owner gave you one"));
}

/* A task may end in its thread, where no widget may: none holds the group, its callback does. */
static void
name_cas (CwServerGroup *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, named_cb, g_object_ref (self));
  Naming *work = g_new0 (Naming, 1);

  g_free (self->named_pem);
  self->named_pem = g_strdup (cw_identity_get_server_cas_pem (self->identity));
  work->reply_cas = cw_chain_cas_to_pem (cw_identity_get_chain (self->identity));
  work->file_cas = g_strdup (self->named_pem);
  gtk_widget_set_sensitive (GTK_WIDGET (self->reply_row), work->reply_cas != NULL);
  g_task_set_task_data (task, work, (GDestroyNotify) naming_free);
  g_task_run_in_thread (task, name_thread);
}

/* The choice */

/* Nothing was replied to what was signed here. */
static void
fill_reply_row (CwServerGroup *self)
{
  const CwSigner signer = cw_identity_get_signer (self->identity);
  const char *title = signer == CW_SIGNER_AUTHORITY ? _ ("The CA that signed it")
                                                    : _ ("The CAs that came with the reply");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reply_row), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reply_check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->reply_row), signer != CW_SIGNER_SELF);
}

static void
fill (CwServerGroup *self)
{
  const CwServerCas choice = cw_identity_get_server_cas (self->identity);
  const gboolean verify = cw_identity_get_verify_server (self->identity);

  fill_reply_row (self);
  self->filling = TRUE;
  gtk_switch_set_active (self->verify_switch, verify);
  gtk_widget_set_visible (self->no_verify_row, !verify);
  gtk_check_button_set_active (choice == CW_SERVER_CAS_REPLY  ? self->reply_check
                               : choice == CW_SERVER_CAS_FILE ? self->file_check
                                                              : self->system_check,
                               TRUE);
  self->filling = FALSE;
}

static void
identity_changed_cb (CwServerGroup *self)
{
  fill (self);
  if (g_strcmp0 (self->named_pem, cw_identity_get_server_cas_pem (self->identity)) != 0)
    name_cas (self);
}

/* The CAs in a file, or why there are none. */
static char *
dup_cas (CwReply *reply, GError **error)
{
  g_autoptr (GPtrArray) certificates = cw_reply_get_certificates (reply);
  g_autoptr (GPtrArray) cas = g_ptr_array_new ();
  g_autoptr (CwReplyItem) first = NULL;

  for (guint i = 0; i < certificates->len; i++)
    if (cw_certificate_is_ca (certificates->pdata[i]) ||
        cw_certificate_is_self_signed (certificates->pdata[i]))
      g_ptr_array_add (cas, certificates->pdata[i]);
  if (cas->len > 0)
    return cw_certificates_to_pem (cas);

  first = g_list_model_get_item (G_LIST_MODEL (reply), 0);
  if (first && cw_reply_item_get_kind (first) == CW_REPLY_KIND_UNREADABLE &&
      cw_reply_item_get_error (first))
    g_propagate_error (error, g_error_copy (cw_reply_item_get_error (first)));
  else
    g_set_error_literal (
        error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
        _ ("There is no CA certificate in this file. Choose the file with the certificate of "
           "the CA that signed the server’s."));
  return NULL;
}

static void
reading_free (Reading *work)
{
  g_clear_object (&work->reply);
  g_clear_object (&work->file);
  g_clear_object (&work->cancellable);
  g_free (work);
}

static void
read_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Reading *work = task_data;

  cw_reply_add_file (work->reply, work->file, work->cancellable);
  g_task_return_boolean (task, TRUE);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwServerGroup) self = user_data;
  Reading *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = NULL;

  if (g_cancellable_is_cancelled (work->cancellable))
    return;

  set_activity (self, NULL);
  pem = dup_cas (work->reply, &error);
  cw_problem_view_set_error (self->problem, error, FALSE);
  if (pem)
    {
      cw_identity_set_server_cas_pem (self->identity, pem);
      cw_identity_set_server_cas (self->identity, CW_SERVER_CAS_FILE);
    }
  fill (self);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwServerGroup *self = CW_SERVER_GROUP (source);
  g_autoptr (GListModel) files = cw_dialog_open_finish (GTK_WIDGET (self), result);
  g_autoptr (GTask) task = NULL;
  Reading *work;

  if (!self->identity)
    return;
  if (!files)
    {
      fill (self); /* back to what is chosen */
      return;
    }

  work = g_new0 (Reading, 1);
  work->reply = cw_reply_new ();
  work->file = g_list_model_get_item (files, 0);
  work->cancellable = g_object_ref (self->cancellable);
  set_activity (self, _ ("Reading the file…"));
  task = g_task_new (NULL, NULL, read_cb, g_object_ref (self));
  g_task_set_task_data (task, work, (GDestroyNotify) reading_free);
  g_task_run_in_thread (task, read_thread);
}

static void
choose_cb (CwServerGroup *self)
{
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  cw_dialog_open_async (GTK_WIDGET (self), _ ("Choose the CAs of the Server"), FALSE, chosen_cb,
                        NULL);
}

static void
cas_toggled_cb (CwServerGroup *self, GtkCheckButton *check)
{
  if (self->filling || !self->identity || !gtk_check_button_get_active (check))
    return;

  cw_problem_view_set_error (self->problem, NULL, FALSE);
  if (check == self->file_check && !cw_identity_get_server_cas_pem (self->identity))
    {
      choose_cb (self);
      return;
    }

  cw_identity_set_server_cas (self->identity, check == self->file_check    ? CW_SERVER_CAS_FILE
                                              : check == self->reply_check ? CW_SERVER_CAS_REPLY
                                                                           : CW_SERVER_CAS_SYSTEM);
}

static void
verify_toggled_cb (CwServerGroup *self)
{
  if (self->filling || !self->identity)
    return;

  cw_identity_set_verify_server (self->identity, gtk_switch_get_active (self->verify_switch));
}

static void
cw_server_group_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  CwServerGroup *self = CW_SERVER_GROUP (object);

  switch (prop_id)
    {
    case PROP_ACTIVITY:
      g_value_set_string (value, self->activity);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
cw_server_group_dispose (GObject *object)
{
  CwServerGroup *self = CW_SERVER_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->identity);
  g_clear_pointer (&self->named_pem, g_free);

  G_OBJECT_CLASS (cw_server_group_parent_class)->dispose (object);
}

static void
cw_server_group_class_init (CwServerGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = cw_server_group_get_property;
  G_OBJECT_CLASS (klass)->dispose = cw_server_group_dispose;

  props[PROP_ACTIVITY] =
      g_param_spec_string ("activity", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);

  g_type_ensure (CW_TYPE_INFO_BUTTON);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-server-group.ui");
  gtk_widget_class_bind_template_child (widget_class, CwServerGroup, system_check);
  gtk_widget_class_bind_template_child (widget_class, CwServerGroup, reply_check);
  gtk_widget_class_bind_template_child (widget_class, CwServerGroup, file_check);
  gtk_widget_class_bind_template_child (widget_class, CwServerGroup, reply_row);
  gtk_widget_class_bind_template_child (widget_class, CwServerGroup, file_row);
  gtk_widget_class_bind_template_child (widget_class, CwServerGroup, verify_switch);
  gtk_widget_class_bind_template_child (widget_class, CwServerGroup, no_verify_row);
  gtk_widget_class_bind_template_child (widget_class, CwServerGroup, problem);
  gtk_widget_class_bind_template_callback (widget_class, cas_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, verify_toggled_cb);
}

static void
cw_server_group_init (CwServerGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cw_server_group_set_identity (CwServerGroup *self, CwIdentity *identity)
{
  g_return_if_fail (CW_IS_SERVER_GROUP (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  set_activity (self, NULL);
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  if (self->identity)
    g_signal_handlers_disconnect_by_func (self->identity, identity_changed_cb, self);
  g_set_object (&self->identity, identity);
  if (!identity)
    return;

  self->cancellable = g_cancellable_new ();
  g_signal_connect_object (identity, "changed", G_CALLBACK (identity_changed_cb), self,
                           G_CONNECT_SWAPPED);
  fill (self);
  name_cas (self);
}

const char *
cw_server_group_get_activity (CwServerGroup *self)
{
  g_return_val_if_fail (CW_IS_SERVER_GROUP (self), NULL);

  return self->activity;
}
