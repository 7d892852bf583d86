/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-chain-view.h"
#include "cw-date.h"
#include "cw-identity-cell.h"

struct _CwChainView
{
  AdwBin parent_instance;

  GtkBox *list;
};

G_DEFINE_FINAL_TYPE (CwChainView, cw_chain_view, ADW_TYPE_BIN)

/* What one card says. */
typedef struct
{
  const char *icon_name;
  const char *title;
  const char *subtitle; /* its part in the chain, and until when */
  const char *problem;  /* (nullable) what is wrong with it */
  CwSeverity severity;
} Card;

static const struct
{
  const char *icon_name;
  const char *css_class;
} looks[] = {
  [CW_SEVERITY_GOOD] = { "object-select-symbolic", "success" },
  [CW_SEVERITY_NOTE] = { "dialog-information-symbolic", "accent" },
  [CW_SEVERITY_WARNING] = { "dialog-warning-symbolic", "warning" },
  [CW_SEVERITY_PROBLEM] = { "dialog-error-symbolic", "error" },
};

static GtkWidget *
icon_new (const char *icon_name, const char *css_class)
{
  const char *classes[] = { css_class, NULL };

  return g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "css-classes", classes, "valign",
                       GTK_ALIGN_CENTER, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
}

static GtkWidget *
label_new (GtkWidget *box, const char *text, const char *css_class)
{
  const char *classes[] = { css_class, NULL };
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "label", text, "css-classes", css_class ? classes : NULL,
                    "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign", 0.0, NULL);
  PangoAttrList *attributes = pango_attr_list_new ();

  /* A name is not hyphenated: it may have hyphens of its own. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  pango_attr_list_unref (attributes);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static GtkWidget *
card_new (const Card *card, const char *css_class)
{
  GtkWidget *widget = g_object_new (GTK_TYPE_BOX, "spacing", 12, "accessible-role",
                                    GTK_ACCESSIBLE_ROLE_LIST_ITEM, NULL);
  GtkWidget *words = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing",
                                   3, "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
  g_autofree char *spoken = g_strdup_printf ("%s. %s. %s", card->title, card->subtitle,
                                             card->problem ? card->problem : "");

  gtk_widget_add_css_class (widget, css_class);
  gtk_box_append (GTK_BOX (widget), icon_new (card->icon_name, "chain-icon"));
  gtk_box_append (GTK_BOX (widget), words);
  label_new (words, card->title, NULL);
  label_new (words, card->subtitle, "subtitle");
  if (card->problem)
    label_new (words, card->problem, "chain-problem");
  gtk_box_append (GTK_BOX (widget),
                  icon_new (looks[card->severity].icon_name, looks[card->severity].css_class));
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  return widget;
}

static void
append (CwChainView *self, const Card *card, const char *css_class, const char *line_class)
{
  if (gtk_widget_get_first_child (GTK_WIDGET (self->list)))
    {
      GtkWidget *line = g_object_new (GTK_TYPE_BOX, "halign", GTK_ALIGN_START, "accessible-role",
                                      GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

      gtk_widget_add_css_class (line, line_class);
      gtk_box_append (self->list, line);
    }
  gtk_box_append (self->list, card_new (card, css_class));
}

static const char *
get_part (CwChain *chain, guint i)
{
  if (i == 0)
    return _ ("Your certificate");
  if (i + 1 == cw_chain_get_certificates (chain)->len && cw_chain_is_complete (chain))
    return _ ("Root");
  return _ ("Intermediate");
}

/* What is known of a chain beside itself. */
typedef struct
{
  gboolean revoked;
  const char *unfit; /* (nullable): why the leaf will not work */
  GDateTime *now;
} Faults;

/* (transfer full) (nullable): what is wrong with it; of several the one that weighs most. */
static char *
find_problem (CwChain *chain, guint i, const Faults *faults, CwSeverity *severity)
{
  CwCertificate *certificate = cw_chain_get_certificates (chain)->pdata[i];
  GDateTime *until = cw_certificate_get_not_after (certificate);
  g_autoptr (GDateTime) soon = g_date_time_add_days (faults->now, CW_EXPIRES_SOON_DAYS);
  g_autofree char *refusal = NULL;

  *severity = CW_SEVERITY_PROBLEM;
  if (faults->revoked && i == 0)
    return g_strdup (_ ("Revoked"));
  if (g_date_time_compare (until, faults->now) < 0)
    return g_strdup (_ ("Expired"));
  if (g_date_time_compare (cw_certificate_get_not_before (certificate), faults->now) > 0)
    return g_strdup (_ ("Not valid yet"));

  refusal = cw_chain_explain_refusal (chain, i);
  if (refusal)
    return g_steal_pointer (&refusal);
  if (faults->unfit && i == 0)
    return g_strdup (faults->unfit);

  *severity = CW_SEVERITY_WARNING;
  if (soon && g_date_time_compare (until, soon) < 0)
    return g_strdup (_ ("Expires soon"));

  *severity = CW_SEVERITY_NOTE;
  if (i == 0 && cw_certificate_is_self_signed (certificate))
    return g_strdup (_ ("Signed by itself, not by a CA"));

  *severity = CW_SEVERITY_GOOD;
  return NULL;
}

static void
append_certificate (CwChainView *self, CwChain *chain, guint i, const Faults *faults)
{
  CwCertificate *certificate = cw_chain_get_certificates (chain)->pdata[i];
  g_autofree char *until = cw_date_format_day (cw_certificate_get_not_after (certificate));
  /* Translators: a certificate's role in its chain, then its last day:
   * "Intermediate, valid until 3 May 2030" */
  g_autofree char *subtitle =
      g_strdup_printf (_ ("%s, valid until %s"), get_part (chain, i), until);
  CwSeverity severity;
  g_autofree char *problem = find_problem (chain, i, faults, &severity);

  append (self,
          &(Card){ .icon_name = i == 0 ? "avatar-default-symbolic" : CW_AUTHORITY_ICON_NAME,
                   .title = cw_certificate_get_title (certificate),
                   .subtitle = subtitle,
                   .problem = problem,
                   .severity = severity },
          "card", "chain-line");
}

/* (nullable): the worst that @report says, if it is a problem, and none of a CA's own. */
static const char *
find_unfit (CwChain *chain, CwReport *report, const Faults *faults)
{
  g_autoptr (CwFinding) worst = NULL;

  if (!report || cw_report_get_worst (report) != CW_SEVERITY_PROBLEM)
    return NULL;

  for (guint i = 1; i < cw_chain_get_certificates (chain)->len; i++)
    {
      CwSeverity severity;
      g_autofree char *problem = find_problem (chain, i, faults, &severity);

      if (problem && severity == CW_SEVERITY_PROBLEM)
        return NULL;
    }

  worst = g_list_model_get_item (G_LIST_MODEL (report), 0);
  return cw_finding_get_title (worst); /* the report holds it */
}

/* Servers often have the root, so that it need not be here. */
static void
append_gap (CwChainView *self, CwSubject *issuer)
{
  g_autofree char *name = cw_subject_get_title (issuer);
  g_autofree char *title = g_strdup_printf (_ ("The certificate of “%s” is missing"), name);

  append (self,
          &(Card){ .icon_name = "dialog-question-symbolic",
                   .title = title,
                   .subtitle = _ ("It works where the server knows this CA"),
                   .severity = CW_SEVERITY_WARNING },
          "chain-gap", "chain-broken-line");
}

static void
cw_chain_view_class_init (CwChainViewClass *klass)
{
}

static void
cw_chain_view_init (CwChainView *self)
{
  self->list = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL,
                             "accessible-role", GTK_ACCESSIBLE_ROLE_LIST, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "chain");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Chain"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}

void
cw_chain_view_set_chain (
    CwChainView *self, CwChain *chain, CwReport *report, gboolean revoked, GDateTime *now)
{
  g_autoptr (GDateTime) moment = NULL;
  Faults faults = { .revoked = revoked };
  GtkWidget *child;

  g_return_if_fail (CW_IS_CHAIN_VIEW (self));
  g_return_if_fail (!chain || CW_IS_CHAIN (chain));
  g_return_if_fail (!report || CW_IS_REPORT (report));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_box_remove (self->list, child);
  gtk_widget_set_visible (GTK_WIDGET (self), chain != NULL);
  if (!chain)
    return;

  moment = now ? g_date_time_ref (now) : g_date_time_new_now_utc ();
  faults.now = moment;
  faults.unfit = find_unfit (chain, report, &faults);
  for (guint i = 0; i < cw_chain_get_certificates (chain)->len; i++)
    append_certificate (self, chain, i, &faults);
  if (cw_chain_get_missing_issuer (chain))
    append_gap (self, cw_chain_get_missing_issuer (chain));
}
