/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-finding-private.h"
#include "cw-profile-private.h"
#include "cw-usage.h"

struct _CwReport
{
  GObject parent;

  GListStore *findings;   /* the worst first */
  GListModel *comparison; /* NULL if it is not known what was asked */
  char *verdict;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CwReport,
                               cw_report,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static int
compare_findings (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return (int) cw_finding_get_severity ((CwFinding *) b) -
         (int) cw_finding_get_severity ((CwFinding *) a);
}

static char *
make_good_verdict (const char *consumer)
{
  if (consumer == NULL)
    return g_strdup (_ ("This certificate will work."));
  /* Translators: %s is a consumer, as in "PlaceOS" */
  return g_strdup_printf (_ ("This certificate will work with %s."), consumer);
}

static char *
make_warning_verdict (const char *consumer, const char *what)
{
  if (consumer == NULL)
    return g_strdup_printf (_ ("This certificate will work, but look at this first: %s."), what);
  /* Translators: a consumer, as in "PlaceOS", and a finding's title */
  return g_strdup_printf (_ ("This certificate will work with %s, but look at this first: %s."),
                          consumer, what);
}

static char *
make_problem_verdict (const char *consumer, const char *what)
{
  if (consumer == NULL)
    return g_strdup_printf (_ ("This certificate will not work: %s."), what);
  /* Translators: a consumer, as in "PlaceOS", and a finding's title */
  return g_strdup_printf (_ ("This certificate will not work with %s: %s."), consumer, what);
}

static char *
make_sentence (CwFinding *finding)
{
  /* Translators: a finding's title, made a sentence */
  return g_strdup_printf (_ ("%s."), cw_finding_get_title (finding));
}

static char *
make_verdict (CwReport *self, CwProfile *profile)
{
  const char *consumer = profile != NULL ? cw_profile_get_short_name (profile) : NULL;
  g_autoptr (CwFinding) worst = g_list_model_get_item (G_LIST_MODEL (self->findings), 0);
  /* Whether it would work with its key is not what is to be known first. */
  if (worst != NULL && g_str_equal (cw_finding_get_id (worst), "key-missing"))
    return make_sentence (worst);
  switch (cw_report_get_worst (self))
    {
    case CW_SEVERITY_PROBLEM:
      return make_problem_verdict (consumer, cw_finding_get_title (worst));
    case CW_SEVERITY_WARNING:
      return make_warning_verdict (consumer, cw_finding_get_title (worst));
    case CW_SEVERITY_NOTE:
    case CW_SEVERITY_GOOD:
    default:
      return make_good_verdict (consumer);
    }
}

static char *
make_verdict_on_nothing (CwReport *self)
{
  g_autoptr (CwFinding) first = g_list_model_get_item (G_LIST_MODEL (self->findings), 0);
  if (first == NULL)
    return g_strdup (_ ("There is no certificate here that could be judged."));
  return make_sentence (first);
}

static void
judge_chain (CwReport *self, const CwReportInput *input, GDateTime *now)
{
  /* Who only serves does not call. */
  gboolean for_server = input->profile != NULL && cw_profile_get_only_serves (input->profile);

  cw_fitness_append (self->findings, input->chain, input->profile, for_server);
  cw_lifetime_append (self->findings, input->chain, now);
  cw_conformity_append (self->findings, input->chain, for_server);
  cw_lineage_append (self->findings, input, for_server);
  if (input->revoked_at != NULL)
    cw_revocation_append_known (self->findings, input->revoked_at);
  else if (input->reply != NULL)
    cw_revocation_append (self->findings, input->chain, input->reply, input->cancellable, now);
  if (input->revocation_error != NULL)
    cw_revocation_append_unknown (self->findings, input->revocation_error);
}

static void
compare (CwReport *self, CwRequest *asked, CwCertificate *got)
{
  cw_fidelity_append (self->findings, asked, got);
  self->comparison = cw_comparison_new (asked, got);
}

static GType
get_item_type (GListModel *model)
{
  return CW_TYPE_FINDING;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (CW_REPORT (model)->findings));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (CW_REPORT (model)->findings), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
cw_report_finalize (GObject *object)
{
  CwReport *self = CW_REPORT (object);

  g_clear_object (&self->findings);
  g_clear_object (&self->comparison);
  g_clear_pointer (&self->verdict, g_free);

  G_OBJECT_CLASS (cw_report_parent_class)->finalize (object);
}

static void
cw_report_class_init (CwReportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_report_finalize;
}

static void
cw_report_init (CwReport *self)
{
  self->findings = g_list_store_new (CW_TYPE_FINDING);
}

CwReport *
cw_report_new (const CwReportInput *input)
{
  g_return_val_if_fail (input != NULL, NULL);
  g_return_val_if_fail (input->asked == NULL || CW_IS_REQUEST (input->asked), NULL);
  g_return_val_if_fail (input->chain == NULL || CW_IS_CHAIN (input->chain), NULL);
  g_return_val_if_fail (input->reply == NULL || CW_IS_REPLY (input->reply), NULL);
  g_return_val_if_fail (input->profile == NULL || CW_IS_PROFILE (input->profile), NULL);

  g_autoptr (GDateTime) moment =
      input->now != NULL ? g_date_time_ref (input->now) : g_date_time_new_now_utc ();
  CwReport *self = g_object_new (CW_TYPE_REPORT, NULL);
  cw_reception_append (self->findings, input);
  if (input->chain != NULL)
    judge_chain (self, input, moment);
  if (input->chain != NULL && input->asked != NULL)
    compare (self, input->asked, cw_chain_get_leaf (input->chain));
  g_list_store_sort (self->findings, compare_findings, NULL);
  self->verdict =
      input->chain != NULL ? make_verdict (self, input->profile) : make_verdict_on_nothing (self);
  return self;
}

CwSeverity
cw_report_get_worst (CwReport *self)
{
  g_return_val_if_fail (CW_IS_REPORT (self), CW_SEVERITY_PROBLEM);

  g_autoptr (CwFinding) worst = g_list_model_get_item (G_LIST_MODEL (self->findings), 0);
  return worst != NULL ? cw_finding_get_severity (worst) : CW_SEVERITY_GOOD;
}

const char *
cw_report_get_verdict (CwReport *self)
{
  g_return_val_if_fail (CW_IS_REPORT (self), NULL);

  return self->verdict;
}

GListModel *
cw_report_get_comparison (CwReport *self)
{
  g_return_val_if_fail (CW_IS_REPORT (self), NULL);

  return self->comparison;
}

CwFinding *
cw_report_find (CwReport *self, const char *id)
{
  g_return_val_if_fail (CW_IS_REPORT (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->findings)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (self->findings), i);
      if (g_str_equal (cw_finding_get_id (finding), id))
        return finding; /* the list keeps it */
    }
  return NULL;
}
