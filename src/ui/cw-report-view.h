/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-report.h"

G_BEGIN_DECLS

/**
 * CwReportView:
 *
 * A report: the verdict, then its findings: what is well as a short line, what
 * is not with what it means, what to do, a text for the CA to copy, and a way to
 * the page of the help that explains it ("win.help-page"). Verdict and findings that are no
 * #CwReport can be shown too, each in a view.
 */
#define CW_TYPE_REPORT_VIEW (cw_report_view_get_type ())
G_DECLARE_FINAL_TYPE (CwReportView, cw_report_view, CW, REPORT_VIEW, AdwBin)

CwReportView *cw_report_view_new (void);

/**
 * CwReportView::fetch:
 *
 * Emitted when a person wants the missing certificate of a CA to be fetched.
 */

/**
 * cw_report_view_set_report:
 * @report: (nullable): %NULL hides the view
 * @can_fetch: whether a missing certificate of a CA can be fetched: then a
 *   button for that stands beside what says that it is missing
 */
void cw_report_view_set_report (CwReportView *self, CwReport *report, gboolean can_fetch);

/**
 * cw_report_view_set_verdict:
 * @title: its heading
 * @verdict: (nullable): the one sentence that stands above all others, with what
 *   it means and what to do; %NULL hides the view
 */
void cw_report_view_set_verdict (CwReportView *self, const char *title, CwFinding *verdict);

/**
 * cw_report_view_set_findings:
 * @title: their heading
 * @findings: (nullable): of #CwFinding, in their order; none hide the view
 * @verdict: (nullable): what is explained above them: if it is among them, its
 *   title is enough
 */
void cw_report_view_set_findings (CwReportView *self,
                                  const char *title,
                                  GListModel *findings,
                                  CwFinding *verdict);

/**
 * cw_report_view_set_header_suffix:
 * @suffix: what stands beside the heading
 */
void cw_report_view_set_header_suffix (CwReportView *self, GtkWidget *suffix);

G_END_DECLS
