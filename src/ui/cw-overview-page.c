/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-chain-view.h"
#include "cw-comparison-view.h"
#include "cw-date.h"
#include "cw-fingerprint.h"
#include "cw-identity-cell.h"
#include "cw-info-button.h"
#include "cw-life-bar.h"
#include "cw-overview-page.h"
#include "cw-profile.h"
#include "cw-report-view.h"
#include "cw-rows.h"
#include "cw-usage.h"

struct _CwOverviewPage
{
  AdwBin parent_instance;

  AdwWindowTitle *window_title;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *status;
  GtkButton *use_button;
  GtkWidget *connection_group;
  AdwActionRow *connection_row;
  GtkImage *connection_icon;
  GtkButton *test_button;
  AdwPreferencesGroup *details_group;
  CwLifeBar *life_bar;
  GtkWidget *chain_group;
  CwChainView *chain_view;
  CwReportView *report_view;
  CwComparisonView *comparison_view;
  GtkButton *renew_button;
  GtkWidget *export_button;
  GtkWidget *commands_button;
  GtkWidget *delete_button;

  GListModel *profiles;
  CwIdentity *identity;
  GPtrArray *detail_rows;
};

G_DEFINE_FINAL_TYPE (CwOverviewPage, cw_overview_page, ADW_TYPE_BIN)

enum
{
  BACK,
  USE,
  TEST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
back_clicked_cb (CwOverviewPage *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

static void
use_clicked_cb (CwOverviewPage *self)
{
  g_signal_emit (self, signals[USE], 0, self->identity);
}

static void
test_clicked_cb (CwOverviewPage *self)
{
  g_signal_emit (self, signals[TEST], 0, self->identity);
}

static GtkWidget *
line_new (const char *title, const char *value)
{
  return g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", value,
                       "subtitle-lines", 0, "title-lines", 0, NULL);
}

static void
add_row (CwOverviewPage *self, GtkWidget *row)
{
  adw_preferences_group_add (self->details_group, row);
  g_ptr_array_add (self->detail_rows, row);
}

static void
add_detail (CwOverviewPage *self, const char *title, const char *value)
{
  GtkWidget *row;

  if (!value || *value == '\0')
    return;

  row = line_new (title, value);
  add_row (self, row);
}

static void
fill_certificate (CwOverviewPage *self, CwCertificate *certificate)
{
  g_autofree char *subject = cw_subject_to_string (cw_certificate_get_subject (certificate));
  g_autofree char *issuer = cw_subject_to_string (cw_certificate_get_issuer (certificate));
  g_autofree char *names = cw_rows_join_alt_names (cw_certificate_get_alt_names (certificate));
  g_autofree char *usages = cw_rows_join_usages (cw_certificate_get_usages (certificate));

  add_detail (self, _ ("Subject"), subject);
  add_detail (self, _ ("Alternative names"), names);
  add_detail (self, _ ("Usages"), usages);
  add_detail (self, _ ("Issued by"), issuer);
  add_detail (self, _ ("Key"), cw_certificate_get_key_title (certificate));
  add_detail (self, _ ("Serial number"), cw_certificate_get_serial (certificate));
  add_row (self, cw_fingerprint_row_new (_ ("Fingerprint (SHA-256)"),
                                         cw_certificate_get_fingerprint (certificate)));
}

static void
fill_request (CwOverviewPage *self, CwRequest *request)
{
  g_autofree char *subject = cw_subject_to_string (cw_request_get_subject (request));
  g_autofree char *names = cw_rows_join_alt_names (cw_request_get_alt_names (request));
  g_autofree char *usages = cw_rows_join_usages (cw_request_get_usages (request));
  GDateTime *requested_at = cw_identity_get_requested_at (self->identity);
  g_autofree char *made = requested_at ? cw_date_format (requested_at, NULL) : NULL;

  add_detail (self, C_ ("before a date", "Requested"), made);
  add_detail (self, _ ("Subject"), subject);
  add_detail (self, _ ("Alternative names"), names);
  add_detail (self, _ ("Usages"), usages);
  add_detail (self, _ ("Key"), cw_key_kind_get_title (cw_request_get_key_kind (request)));
}

/* What is revoked has no more life, whatever its dates say. */
static void
fill_life (CwOverviewPage *self, CwChain *chain)
{
  const CwIdentityState state = cw_identity_get_state (self->identity, NULL);
  CwCertificate *leaf = chain ? cw_chain_get_leaf (chain) : NULL;

  if (leaf)
    cw_life_bar_set_life (self->life_bar, cw_certificate_get_not_before (leaf),
                          cw_certificate_get_not_after (leaf), NULL,
                          cw_identity_state_get_css_class (state));
  gtk_widget_set_visible (GTK_WIDGET (self->life_bar),
                          leaf && !cw_identity_get_revoked_at (self->identity));
}

static void
fill_chain (CwOverviewPage *self, CwChain *chain, CwReport *report)
{
  cw_chain_view_set_chain (self->chain_view, chain, report,
                           cw_identity_get_revoked_at (self->identity) != NULL, NULL);
  gtk_widget_set_visible (self->chain_group, chain != NULL);
}

/* (nullable) */
static CwReport *
make_report (CwOverviewPage *self, CwProfile *profile)
{
  CwChain *chain = cw_identity_get_chain (self->identity);

  if (!chain)
    return NULL;

  return cw_report_new (&(CwReportInput){
      .asked =
          cw_identity_get_csr (self->identity) ? cw_identity_get_request (self->identity) : NULL,
      .chain = chain,
      .self_signed = cw_identity_get_signer (self->identity) == CW_SIGNER_SELF,
      .profile = profile,
      .revoked_at = cw_identity_get_revoked_at (self->identity) });
}

/* How it stands, and what the icon says of it, in words. */
static char *
describe (CwIdentity *identity, CwReport *report, CwSeverity worst)
{
  const CwIdentityState state = cw_identity_get_state (identity, NULL);
  g_autofree char *status = cw_identity_get_status (identity, NULL);
  g_autofree char *tested = NULL;

  if (!cw_identity_state_is_usable (state))
    return g_steal_pointer (&status);

  if (worst == CW_SEVERITY_PROBLEM || (worst == CW_SEVERITY_WARNING && state == CW_IDENTITY_READY))
    return g_strdup_printf ("%s\n%s", status, cw_report_get_verdict (report));

  if (cw_identity_get_test_severity (identity) < CW_SEVERITY_WARNING)
    return g_steal_pointer (&status);

  tested = cw_identity_get_test_status (identity);
  return g_strdup_printf ("%s\n%s", status, tested);
}

/* @report: (nullable) */
static void
fill_heading (CwOverviewPage *self, const char *profile_name, CwReport *report)
{
  const CwIdentityState state = cw_identity_get_state (self->identity, NULL);
  const CwSeverity worst = report ? cw_report_get_worst (report) : CW_SEVERITY_GOOD;
  const CwIdentityLook look = cw_identity_get_look (self->identity, worst);
  const char *classes[] = { look.css_class ? look.css_class : "dim-label", NULL };
  g_autofree char *title = cw_identity_get_title (self->identity);
  g_autofree char *status = describe (self->identity, report, worst);

  adw_window_title_set_title (self->window_title, title);
  adw_window_title_set_subtitle (self->window_title, profile_name);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->status, status);
  gtk_image_set_from_icon_name (self->icon, look.icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_button_set_label (self->use_button, state >= CW_IDENTITY_READY     ? _ ("_Use It")
                                          : state == CW_IDENTITY_WAITING ? _ ("I Have the _Reply")
                                                                         : _ ("_Go On"));
}

static void
fill_connection (CwOverviewPage *self)
{
  static const struct
  {
    const char *icon_name;
    const char *css_class;
  } looks[] = {
    [CW_SEVERITY_GOOD] = { "object-select-symbolic", "success" },
    [CW_SEVERITY_NOTE] = { "object-select-symbolic", "success" },
    [CW_SEVERITY_WARNING] = { "dialog-warning-symbolic", "warning" },
    [CW_SEVERITY_PROBLEM] = { "dialog-error-symbolic", "error" },
  };
  const CwSeverity severity = cw_identity_get_test_severity (self->identity);
  const char *address = cw_identity_get_address (self->identity);
  g_autofree char *status = cw_identity_get_test_status (self->identity);
  const char *classes[] = { status ? looks[severity].css_class : "dim-label", NULL };

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->connection_row),
                                 status ? status : _ ("Not tested yet"));
  adw_action_row_set_subtitle (self->connection_row, address ? address : "");
  gtk_image_set_from_icon_name (self->connection_icon,
                                status ? looks[severity].icon_name : "dialog-question-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->connection_icon), classes);
  gtk_button_set_label (self->test_button, status ? _ ("_Test Again") : _ ("_Test It"));
  gtk_widget_set_visible (self->connection_group,
                          cw_identity_get_chain (self->identity) &&
                              !cw_identity_get_is_authority (self->identity));
}

static void
fill (CwOverviewPage *self)
{
  CwChain *chain = cw_identity_get_chain (self->identity);
  const char *profile_id = cw_identity_get_profile_id (self->identity);
  g_autoptr (CwProfile) profile = profile_id ? cw_profiles_find (self->profiles, profile_id) : NULL;
  g_autoptr (CwReport) report = make_report (self, profile);

  fill_heading (self, profile ? cw_profile_get_name (profile) : "", report);
  fill_connection (self);
  cw_rows_clear (self->details_group, self->detail_rows);
  fill_life (self, chain);
  fill_chain (self, chain, report);
  add_detail (self, _ ("What it is for"), profile ? cw_profile_get_name (profile) : profile_id);

  if (chain)
    fill_certificate (self, cw_chain_get_leaf (chain));
  else
    fill_request (self, cw_identity_get_request (self->identity));
  gtk_widget_set_visible (GTK_WIDGET (self->chain_group), chain != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->renew_button), chain != NULL);
  gtk_button_set_label (self->renew_button, cw_identity_get_signer (self->identity) == CW_SIGNER_CA
                                                ? _ ("Start a New Request")
                                                : _ ("Start a New Certificate"));
  gtk_widget_set_visible (self->export_button,
                          cw_identity_get_key_fingerprint (self->identity) != NULL);
  cw_report_view_set_report (self->report_view, report, FALSE);
  cw_comparison_view_set_rows (self->comparison_view,
                               report ? cw_report_get_comparison (report) : NULL);
  cw_accessibility_name_buttons (GTK_WIDGET (self));
}

/* It is filled again when it is shown again. */
static void
changed_cb (CwOverviewPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    fill (self);
}

static void
cw_overview_page_dispose (GObject *object)
{
  CwOverviewPage *self = CW_OVERVIEW_PAGE (object);

  if (self->identity)
    g_signal_handlers_disconnect_by_func (self->identity, changed_cb, self);
  g_clear_object (&self->profiles);
  g_clear_object (&self->identity);
  g_clear_pointer (&self->detail_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_overview_page_parent_class)->dispose (object);
}

static void
cw_overview_page_class_init (CwOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_overview_page_dispose;

  signals[BACK] = g_signal_new ("back", CW_TYPE_OVERVIEW_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  signals[USE] = g_signal_new ("use", CW_TYPE_OVERVIEW_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, CW_TYPE_IDENTITY);
  signals[TEST] = g_signal_new ("test", CW_TYPE_OVERVIEW_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, CW_TYPE_IDENTITY);

  g_type_ensure (CW_TYPE_CHAIN_VIEW);
  g_type_ensure (CW_TYPE_COMPARISON_VIEW);
  g_type_ensure (CW_TYPE_INFO_BUTTON);
  g_type_ensure (CW_TYPE_LIFE_BAR);
  g_type_ensure (CW_TYPE_REPORT_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, icon);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, title);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, status);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, use_button);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, connection_group);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, connection_row);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, connection_icon);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, test_button);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, details_group);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, chain_group);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, chain_view);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, life_bar);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, report_view);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, comparison_view);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, renew_button);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, export_button);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, commands_button);
  gtk_widget_class_bind_template_child (widget_class, CwOverviewPage, delete_button);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, test_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_clicked_cb);
}

static void
cw_overview_page_init (CwOverviewPage *self)
{
  self->detail_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  cw_accessibility_name_buttons (GTK_WIDGET (self));
}

void
cw_overview_page_set_profiles (CwOverviewPage *self, GListModel *profiles)
{
  g_return_if_fail (CW_IS_OVERVIEW_PAGE (self));
  g_return_if_fail (G_IS_LIST_MODEL (profiles));

  g_set_object (&self->profiles, profiles);
}

CwIdentity *
cw_overview_page_get_identity (CwOverviewPage *self)
{
  g_return_val_if_fail (CW_IS_OVERVIEW_PAGE (self), NULL);

  return self->identity;
}

void
cw_overview_page_set_identity (CwOverviewPage *self, CwIdentity *identity)
{
  g_return_if_fail (CW_IS_OVERVIEW_PAGE (self));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  if (self->identity)
    g_signal_handlers_disconnect_by_func (self->identity, changed_cb, self);
  g_set_object (&self->identity, identity);
  g_signal_connect_object (identity, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->renew_button), "s",
                                    cw_identity_get_id (identity));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->export_button), "s",
                                    cw_identity_get_id (identity));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->commands_button), "s",
                                    cw_identity_get_id (identity));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->delete_button), "s",
                                    cw_identity_get_id (identity));
  fill (self);
}
