/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-report-view.h"
#include "ui-test.h"

static CwReport *
report_new (gboolean well)
{
  g_autoptr (CwIdentity) asked = ui_draft_new (well ? "steve@example.com" : "R&D <steve>");
  g_autoptr (CwChain) chain = ui_chain_new ("steve@example.com", well);

  return cw_report_new (
      &(CwReportInput){ .asked = cw_identity_get_request (asked), .chain = chain });
}

static guint
count_rows (CwReportView *view)
{
  return ui_count (GTK_WIDGET (view), GTK_TYPE_LIST_BOX_ROW, NULL);
}

static void
test_none (void)
{
  g_autoptr (CwReportView) view = g_object_ref_sink (cw_report_view_new ());
  g_autoptr (CwReport) report = report_new (TRUE);

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (view)));
  cw_report_view_set_report (view, report, FALSE);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (view)));
  cw_report_view_set_report (view, NULL, FALSE);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (view)));
  g_assert_cmpuint (count_rows (view), ==, 0);
}

static void
assert_says_all (CwReportView *view, CwReport *report)
{
  g_assert_true (ui_says (GTK_WIDGET (view), cw_report_get_verdict (report)));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (report)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (report), i);

      g_assert_true (ui_says (GTK_WIDGET (view), cw_finding_get_title (finding)));
      if (cw_finding_get_meaning (finding))
        g_assert_true (ui_says (GTK_WIDGET (view), cw_finding_get_meaning (finding)));
      if (cw_finding_get_remedy (finding))
        g_assert_true (ui_says (GTK_WIDGET (view), cw_finding_get_remedy (finding)));
    }
  g_assert_cmpuint (count_rows (view), ==, g_list_model_get_n_items (G_LIST_MODEL (report)) + 1);
}

static void
test_findings (void)
{
  g_autoptr (CwReportView) view = g_object_ref_sink (cw_report_view_new ());
  g_autoptr (CwReport) bad = report_new (FALSE);
  g_autoptr (CwReport) good = report_new (TRUE);

  g_assert_cmpint (cw_report_get_worst (bad), >=, CW_SEVERITY_WARNING);
  cw_report_view_set_report (view, bad, FALSE);
  assert_says_all (view, bad);

  /* Another report takes the first one's place. */
  cw_report_view_set_report (view, good, FALSE);
  assert_says_all (view, good);
}

static CwFinding *
find_ca_text (CwReport *report)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (report)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (report), i);

      if (cw_finding_get_ca_text (finding))
        return finding;
    }
  g_error ("The report has no text for the CA");
}

static void
test_copy_for_ca (void)
{
  CwReportView *view = cw_report_view_new ();
  GtkWindow *window = ui_show (GTK_WIDGET (view));
  g_autoptr (CwReport) report = report_new (FALSE);
  CwFinding *finding = find_ca_text (report);
  GdkContentProvider *content;
  GtkWidget *button;
  g_auto (GValue) value = G_VALUE_INIT;

  cw_report_view_set_report (view, report, FALSE);
  button = ui_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "Copy a Text for the CA");
  ui_click (button);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "Copied");

  content = gdk_clipboard_get_content (gtk_widget_get_clipboard (button));
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, cw_finding_get_ca_text (finding));

  ui_assert_window_freed (window, GTK_WIDGET (view));
}

static guint
count_help (CwReportView *view)
{
  return ui_count (GTK_WIDGET (view), GTK_TYPE_BUTTON, "More About This");
}

static guint
count_faults (CwReport *report)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (report)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (report), i);

      n += cw_finding_get_severity (finding) != CW_SEVERITY_GOOD;
    }
  return n;
}

/* What is not well leads to its page of the help; a verdict to one of the test's. */
static void
test_help (void)
{
  g_autoptr (CwReportView) view = g_object_ref_sink (cw_report_view_new ());
  g_autoptr (CwReport) bad = report_new (FALSE);
  g_autoptr (CwReport) good = report_new (TRUE);
  g_autoptr (CwFinding) verdict =
      cw_finding_new ("no-certificate", CW_SEVERITY_WARNING, "There is none.", NULL, NULL);
  GtkWidget *button;

  cw_report_view_set_report (view, good, FALSE);
  g_assert_cmpuint (count_help (view), ==, count_faults (good));
  g_assert_cmpuint (count_help (view), <, g_list_model_get_n_items (G_LIST_MODEL (good)));

  cw_report_view_set_report (view, bad, FALSE);
  g_assert_cmpuint (count_help (view), ==, count_faults (bad));
  g_assert_cmpuint (count_help (view), >, 0);
  button = ui_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "More About This");
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), ==, "win.help-page");

  cw_report_view_set_verdict (view, "The Result", verdict);
  g_assert_cmpuint (count_help (view), ==, 1);
  button = ui_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "More About This");
  g_assert_cmpstr (
      g_variant_get_string (gtk_actionable_get_action_target_value (GTK_ACTIONABLE (button)), NULL),
      ==, "test-certificate");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "More About This: There is none.");
}

/* Colour is not all that tells them apart. */
static void
test_spoken (void)
{
  g_autoptr (CwReportView) view = g_object_ref_sink (cw_report_view_new ());
  g_autoptr (CwReport) report = report_new (TRUE);
  static const char *const words[] = { "Good", "Good", "Warning", "Problem" };

  cw_report_view_set_report (view, report, FALSE);
  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (ui_find (GTK_WIDGET (view), GTK_TYPE_IMAGE, NULL)),
      GTK_ACCESSIBLE_PROPERTY_LABEL, words[cw_report_get_worst (report)]);
}

/* What comes of no report: a verdict in one view, what was found in another. */
static void
test_parts (void)
{
  g_autoptr (CwReportView) view = g_object_ref_sink (cw_report_view_new ());
  g_autoptr (CwReport) report = report_new (FALSE);
  g_autoptr (GListStore) found = g_list_store_new (CW_TYPE_FINDING);
  g_autoptr (CwFinding) verdict = cw_finding_new ("refused", CW_SEVERITY_PROBLEM, "It is refused.",
                                                  "Nobody is there.", "Wait.");

  cw_report_view_set_verdict (view, "The Result", verdict);
  g_assert_cmpuint (count_rows (view), ==, 1);
  g_assert_true (ui_says (GTK_WIDGET (view), "Wait."));
  g_assert_true (
      gtk_widget_has_css_class (ui_find (GTK_WIDGET (view), GTK_TYPE_LIST_BOX_ROW, NULL), "error"));
  cw_report_view_set_verdict (view, "The Result", NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (view)));

  cw_report_view_set_header_suffix (view, gtk_label_new ("beside"));
  cw_report_view_set_findings (view, "What Was Found", G_LIST_MODEL (report), NULL);
  g_assert_cmpuint (count_rows (view), ==, g_list_model_get_n_items (G_LIST_MODEL (report)));
  g_assert_true (ui_says (GTK_WIDGET (view), "What Was Found"));
  g_assert_true (ui_says (GTK_WIDGET (view), "beside"));
  cw_report_view_set_findings (view, "What Was Found", G_LIST_MODEL (found), NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (view)));

  /* What is explained above is not explained again. */
  g_list_store_append (found, verdict);
  cw_report_view_set_findings (view, "What Was Found", G_LIST_MODEL (found), verdict);
  g_assert_true (ui_says (GTK_WIDGET (view), "It is refused."));
  g_assert_false (ui_says (GTK_WIDGET (view), "Wait."));
  cw_report_view_set_findings (view, "What Was Found", G_LIST_MODEL (found), NULL);
  g_assert_true (ui_says (GTK_WIDGET (view), "Wait."));
}

static void
test_freed (void)
{
  CwReportView *view = g_object_ref_sink (cw_report_view_new ());
  CwReport *report = report_new (FALSE);

  cw_report_view_set_report (view, report, FALSE);
  ui_assert_freed (view);
  ui_assert_freed (report);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/report-view/none", test_none);
  g_test_add_func ("/report-view/findings", test_findings);
  g_test_add_func ("/report-view/copy-for-ca", test_copy_for_ca);
  g_test_add_func ("/report-view/help", test_help);
  g_test_add_func ("/report-view/spoken", test_spoken);
  g_test_add_func ("/report-view/parts", test_parts);
  g_test_add_func ("/report-view/freed", test_freed);

  return ui_test_run ();
}
