/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-help.h"
#include "cw-report-view.h"

struct _CwReportView
{
  AdwBin parent_instance;

  AdwPreferencesGroup *group;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (CwReportView, cw_report_view, ADW_TYPE_BIN)

enum
{
  FETCH,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  const char *icon;
  const char *css_class;
  const char *spoken;
} severities[] = {
  [CW_SEVERITY_GOOD] = { "object-select-symbolic", "success", N_ ("Good") },
  [CW_SEVERITY_NOTE] = { "dialog-information-symbolic", "accent", N_ ("Note") },
  [CW_SEVERITY_WARNING] = { "dialog-warning-symbolic", "warning", N_ ("Warning") },
  [CW_SEVERITY_PROBLEM] = { "dialog-error-symbolic", "error", N_ ("Problem") },
};

/* The findings that fetching the issuer's certificate may mend. */
static const char *const about_issuer[] = { "chain-incomplete", "chain-wrong",
                                            "root-for-intermediate", NULL };

static GtkWidget *
severity_icon (CwSeverity severity)
{
  GtkWidget *icon =
      g_object_new (GTK_TYPE_IMAGE, "icon-name", severities[severity].icon, "accessible-role",
                    GTK_ACCESSIBLE_ROLE_IMG, "valign", GTK_ALIGN_START, NULL);

  gtk_widget_add_css_class (icon, severities[severity].css_class);
  cw_accessibility_set_name (icon, _ (severities[severity].spoken));
  return icon;
}

static GtkWidget *
text_label (const char *text, const char *css_class)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "wrap-mode",
                                   PANGO_WRAP_WORD_CHAR, "xalign", 0.0, NULL);

  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
copy_for_ca_cb (GtkWidget *button, gpointer user_data)
{
  CwFinding *finding = user_data;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), cw_finding_get_ca_text (finding));
  gtk_button_set_label (GTK_BUTTON (button), _ ("Copied"));
}

static void
unref_finding (gpointer finding, GClosure *closure)
{
  g_object_unref (finding);
}

static GtkWidget *
ca_text_button (CwFinding *finding)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Copy a Text for the CA"));

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, cw_finding_get_ca_text (finding));
  g_signal_connect_data (button, "clicked", G_CALLBACK (copy_for_ca_cb), g_object_ref (finding),
                         unref_finding, 0);
  return button;
}

static void
fetch_clicked_cb (CwReportView *self)
{
  g_signal_emit (self, signals[FETCH], 0);
}

static GtkWidget *
fetch_button (CwReportView *self)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Fetch It…"));

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect_object (button, "clicked", G_CALLBACK (fetch_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  return button;
}

/* Which finding it is about is seen by where it stands, but not heard. */
static GtkWidget *
help_button (CwFinding *finding, const CwHelpPage *page)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("More About This"));
  /* Translators: what a screen reader calls a button; %s is what was found, as in
   * "Expired on 3 May 2027" */
  g_autofree char *name =
      g_strdup_printf (_ ("More About This: %s"), cw_finding_get_title (finding));

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "link");
  cw_accessibility_set_name (button, name);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", page->name);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.help-page");
  return button;
}

static GtkWidget *
row_new (CwSeverity severity, GtkWidget *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_widget_add_css_class (box, "finding");
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), severity_icon (severity));
  gtk_box_append (GTK_BOX (box), text);
  cw_accessibility_name_buttons (box);
  return g_object_new (GTK_TYPE_LIST_BOX_ROW, "child", box, "activatable", FALSE, "focusable",
                       FALSE, NULL);
}

static GtkWidget *
short_row (CwFinding *finding)
{
  return row_new (cw_finding_get_severity (finding),
                  text_label (cw_finding_get_title (finding), NULL));
}

static GtkWidget *
finding_row (CwReportView *self,
             CwFinding *finding,
             const char *css_class,
             const CwHelpPage *help,
             gboolean can_fetch)
{
  GtkWidget *text = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_append (GTK_BOX (text), text_label (cw_finding_get_title (finding), css_class));
  if (cw_finding_get_meaning (finding))
    gtk_box_append (GTK_BOX (text), text_label (cw_finding_get_meaning (finding), "dim-label"));
  if (cw_finding_get_remedy (finding))
    gtk_box_append (GTK_BOX (text), text_label (cw_finding_get_remedy (finding), NULL));
  if (cw_finding_get_ca_text (finding))
    gtk_box_append (GTK_BOX (text), ca_text_button (finding));
  if (can_fetch && g_strv_contains (about_issuer, cw_finding_get_id (finding)))
    gtk_box_append (GTK_BOX (text), fetch_button (self));
  if (help && cw_finding_get_severity (finding) != CW_SEVERITY_GOOD)
    gtk_box_append (GTK_BOX (text), help_button (finding, help));

  return row_new (cw_finding_get_severity (finding), text);
}

static void
clear (CwReportView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, child);
}

static void
append_report (CwReportView *self, GListModel *report, gboolean can_fetch)
{
  for (guint i = 0; i < g_list_model_get_n_items (report); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (report, i);
      const CwHelpPage *help = cw_help_find_for_finding (cw_finding_get_id (finding));

      gtk_list_box_append (self->list, finding_row (self, finding, NULL, help, can_fetch));
    }
}

static void
append_findings (CwReportView *self, GListModel *findings, CwFinding *verdict)
{
  const char *known = verdict ? cw_finding_get_id (verdict) : NULL;

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (findings, i);

      gtk_list_box_append (self->list, g_strcmp0 (cw_finding_get_id (finding), known) == 0
                                           ? short_row (finding)
                                           : finding_row (self, finding, NULL, NULL, FALSE));
    }
}

static void
cw_report_view_class_init (CwReportViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[FETCH] = g_signal_new ("fetch", CW_TYPE_REPORT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-report-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwReportView, group);
  gtk_widget_class_bind_template_child (widget_class, CwReportView, list);
}

static void
cw_report_view_init (CwReportView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CwReportView *
cw_report_view_new (void)
{
  return g_object_new (CW_TYPE_REPORT_VIEW, NULL);
}

void
cw_report_view_set_report (CwReportView *self, CwReport *report, gboolean can_fetch)
{
  CwSeverity worst;

  g_return_if_fail (CW_IS_REPORT_VIEW (self));

  clear (self);
  gtk_widget_set_visible (GTK_WIDGET (self), report != NULL);
  if (!report)
    return;

  /* A note is nothing to worry about, and the verdict says that it works. */
  worst = cw_report_get_worst (report);
  adw_preferences_group_set_title (self->group, _ ("Will It Work?"));
  gtk_list_box_append (self->list,
                       row_new (worst == CW_SEVERITY_NOTE ? CW_SEVERITY_GOOD : worst,
                                text_label (cw_report_get_verdict (report), "heading")));
  append_report (self, G_LIST_MODEL (report), can_fetch);
}

void
cw_report_view_set_verdict (CwReportView *self, const char *title, CwFinding *verdict)
{
  GtkWidget *row;

  g_return_if_fail (CW_IS_REPORT_VIEW (self));
  g_return_if_fail (!verdict || CW_IS_FINDING (verdict));

  clear (self);
  gtk_widget_set_visible (GTK_WIDGET (self), verdict != NULL);
  if (!verdict)
    return;

  adw_preferences_group_set_title (self->group, title);
  row = finding_row (self, verdict, "heading",
                     cw_help_find_for_verdict (cw_finding_get_id (verdict)), FALSE);
  gtk_widget_add_css_class (row, "verdict");
  gtk_widget_add_css_class (row, severities[cw_finding_get_severity (verdict)].css_class);
  gtk_list_box_append (self->list, row);
}

void
cw_report_view_set_findings (CwReportView *self,
                             const char *title,
                             GListModel *findings,
                             CwFinding *verdict)
{
  const gboolean any = findings && g_list_model_get_n_items (findings) > 0;

  g_return_if_fail (CW_IS_REPORT_VIEW (self));
  g_return_if_fail (!findings || G_IS_LIST_MODEL (findings));

  clear (self);
  gtk_widget_set_visible (GTK_WIDGET (self), any);
  if (!any)
    return;

  adw_preferences_group_set_title (self->group, title);
  append_findings (self, findings, verdict);
}

void
cw_report_view_set_header_suffix (CwReportView *self, GtkWidget *suffix)
{
  g_return_if_fail (CW_IS_REPORT_VIEW (self));
  g_return_if_fail (GTK_IS_WIDGET (suffix));

  adw_preferences_group_set_header_suffix (self->group, suffix);
}
