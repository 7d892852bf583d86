/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-found-view.h"
#include "cw-info-button.h"

/* How many certificates that have nothing to do with ours are listed one by one, and how much
 * of everything: a row costs more than reading what is in it. */
#define MAX_UNRELATED 8
#define MAX_ROWS      100

struct _CwFoundView
{
  AdwBin parent_instance;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (CwFoundView, cw_found_view, ADW_TYPE_BIN)

enum
{
  START_OVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
role_get_text (CwReplyItem *item, gboolean any_yours)
{
  switch (cw_reply_item_get_kind (item))
    {
    case CW_REPLY_KIND_KEY:
      return _ ("A private key");
    case CW_REPLY_KIND_REQUEST:
      return _ ("A request");
    case CW_REPLY_KIND_LOCKED:
      return _ ("Encrypted: needs its passphrase");
    case CW_REPLY_KIND_CRL:
      return _ ("Searched for your certificate");
    case CW_REPLY_KIND_OTHER:
      return _ ("Not needed");
    case CW_REPLY_KIND_UNREADABLE:
      return _ ("Unreadable");
    case CW_REPLY_KIND_CERTIFICATE:
      break;
    }

  return cw_reply_role_get_text (cw_reply_item_get_role (item), any_yours);
}

static const char *
role_get_icon (CwReplyItem *item)
{
  switch (cw_reply_item_get_kind (item))
    {
    case CW_REPLY_KIND_KEY:
    case CW_REPLY_KIND_LOCKED:
      return "dialog-password-symbolic";
    case CW_REPLY_KIND_UNREADABLE:
      return "dialog-error-symbolic";
    case CW_REPLY_KIND_REQUEST:
    case CW_REPLY_KIND_CRL:
    case CW_REPLY_KIND_OTHER:
      return "text-x-generic-symbolic";
    case CW_REPLY_KIND_CERTIFICATE:
      break;
    }
  return cw_reply_item_get_role (item) == CW_REPLY_ROLE_YOURS ? "avatar-default-symbolic"
                                                              : "application-certificate-symbolic";
}

static GtkWidget *
item_row_new (CwReplyItem *item, gboolean any_yours)
{
  const GError *error = cw_reply_item_get_error (item);
  const char *role = role_get_text (item, any_yours);
  const char *name = cw_reply_item_get_title (item);
  const char *remark = cw_reply_item_get_remark (item);
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  GtkWidget *row, *icon;

  /* Translators: the part that a file plays, then what it is called:
   * "Your certificate: steve@example.com" */
  title = g_strdup_printf (_ ("%s: %s"), role, name);
  /* Its error begins with the source. */
  subtitle = g_strconcat (error && cw_reply_item_get_kind (item) == CW_REPLY_KIND_UNREADABLE
                              ? error->message
                              : cw_reply_item_get_source (item),
                          remark ? "\n" : NULL, remark, NULL);

  row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                      g_str_equal (role, name) ? role : title, "subtitle", subtitle, "title-lines",
                      0, "subtitle-lines", 0, NULL);
  icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", role_get_icon (item), "accessible-role",
                       GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  return row;
}

static GtkWidget *
others_row_new (guint n_unrelated, guint n_others)
{
  g_autofree char *title = g_strdup_printf (
      n_others == 0
          ? ngettext ("%u more certificate that has nothing to do with yours",
                      "%u more certificates that have nothing to do with yours", n_unrelated)
          : ngettext ("%u more", "%u more", n_unrelated + n_others),
      n_unrelated + n_others);

  return g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "title-lines", 0, NULL);
}

static void
start_over_cb (CwFoundView *self)
{
  g_signal_emit (self, signals[START_OVER], 0);
}

static void
cw_found_view_class_init (CwFoundViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[START_OVER] = g_signal_new ("start-over", CW_TYPE_FOUND_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (CW_TYPE_INFO_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-found-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwFoundView, list);
  gtk_widget_class_bind_template_callback (widget_class, start_over_cb);
}

static void
cw_found_view_init (CwFoundView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cw_found_view_set_reply (CwFoundView *self, CwReply *reply, gboolean any_yours)
{
  GtkWidget *child;
  guint n_listed_unrelated = 0, n_unrelated = 0, n_others = 0, n_rows = 0;
  guint n_items;

  g_return_if_fail (CW_IS_FOUND_VIEW (self));
  g_return_if_fail (CW_IS_REPLY (reply));

  n_items = g_list_model_get_n_items (G_LIST_MODEL (reply));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);

      if (cw_reply_item_get_role (item) == CW_REPLY_ROLE_NOT_RELATED &&
          ++n_listed_unrelated > MAX_UNRELATED)
        n_unrelated++;
      else if (n_rows >= MAX_ROWS)
        n_others++;
      else
        {
          gtk_list_box_append (self->list, item_row_new (item, any_yours));
          n_rows++;
        }
    }
  if (n_unrelated + n_others > 0)
    gtk_list_box_append (self->list, others_row_new (n_unrelated, n_others));
  gtk_widget_set_visible (GTK_WIDGET (self), n_items > 0);
}
