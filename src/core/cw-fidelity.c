/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-finding-private.h"
#include "cw-text.h"
#include "cw-usage.h"

/* ", " between what a sentence lists. */
static char *
join (GPtrArray *texts)
{
  GString *joined = g_string_new (NULL);
  for (guint i = 0; i < texts->len; i++)
    cw_text_append_item (joined, g_ptr_array_index (texts, i));
  return g_string_free (joined, FALSE);
}

static guint
count_attribute (CwSubject *subject, const char *type, const char *value)
{
  guint n = 0;
  for (guint i = 0; i < cw_subject_get_n_attributes (subject); i++)
    if (cw_attribute_equal (cw_subject_get_attribute_type (subject, i),
                            cw_subject_get_attribute_value (subject, i), type, value))
      n++;
  return n;
}

static char *
format_attribute (const char *type, const char *value)
{
  const CwAttributeType *known = cw_attribute_type_find (type);
  g_autofree char *shown = cw_text_clean (value);
  /* Translators: a part of a name and its value: "Organisation “Example”" */
  return g_strdup_printf (C_ ("attribute", "%s “%s”"), known != NULL ? _ (known->title) : type,
                          shown);
}

/* Those of @a that @b does not have, or not as often. */
static GPtrArray *
subtract_subjects (CwSubject *a, CwSubject *b)
{
  GPtrArray *rest = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < cw_subject_get_n_attributes (a); i++)
    {
      const char *type = cw_subject_get_attribute_type (a, i);
      const char *value = cw_subject_get_attribute_value (a, i);
      if (count_attribute (a, type, value) > count_attribute (b, type, value))
        g_ptr_array_add (rest, format_attribute (type, value));
    }
  return rest;
}

static void
append_subject_reordered (GListStore *findings)
{
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "subject-changed",
          .severity = CW_SEVERITY_NOTE,
          .title = _ ("The CA has put the parts of the subject in another order"),
          .meaning =
              _ ("Nothing is missing, and few servers look at the order. You need do nothing."),
      });
}

static char *
describe_subject_change (CwSubject *asked, CwSubject *got)
{
  g_autoptr (GPtrArray) missing = subtract_subjects (asked, got);
  g_autoptr (GPtrArray) added = subtract_subjects (got, asked);
  g_autofree char *missing_text = join (missing);
  g_autofree char *added_text = join (added);
  if (added->len == 0)
    return g_strdup_printf (_ ("The subject lacks %s."), missing_text);
  if (missing->len == 0)
    return g_strdup_printf (_ ("The CA added %s to the subject."), added_text);
  return g_strdup_printf (_ ("In the subject, %s became %s."), missing_text, added_text);
}

static void
append_subject_changed (GListStore *findings,
                        CwSubject *asked,
                        CwSubject *got,
                        CwCertificate *certificate)
{
  g_autofree char *change = describe_subject_change (asked, got);
  g_autofree char *asked_text = cw_subject_to_string (asked);
  g_autofree char *got_whole = cw_subject_to_string (got);
  g_autofree char *got_text = cw_text_clean (got_whole);
  g_autofree char *fault = g_strdup_printf (_ ("Its subject is “%s”; the request asked for “%s”."),
                                            got_text, asked_text);
  g_autofree char *letter = cw_finding_letter (certificate, fault);
  gboolean same_name = g_strcmp0 (cw_subject_get (asked, "CN"), cw_subject_get (got, "CN")) == 0;
  g_autofree char *meaning = g_strconcat (
      change, " ",
      same_name ? _ ("The common name is as it was asked for. CAs often rewrite the rest, and most "
                     "servers do not mind.")
                : _ ("A server that knows its callers by their common name will take you for "
                     "somebody else, or refuse you."),
      NULL);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "subject-changed",
          .severity = CW_SEVERITY_WARNING,
          .title = same_name ? _ ("The subject is not quite as it was asked for")
                             : _ ("The common name is not the one that was asked for"),
          .meaning = meaning,
          .remedy = same_name
                        ? _ ("If the service checks the organisation or unit, ask the CA to issue "
                             "the certificate again.")
                        : _ ("Ask the service’s owner whether the new name will do. If not, ask "
                             "the CA to issue the certificate again."),
          .ca_text = letter,
      });
}

static void
compare_subjects (GListStore *findings, CwRequest *asked, CwCertificate *got)
{
  CwSubject *wanted = cw_request_get_subject (asked);
  CwSubject *there = cw_certificate_get_subject (got);
  if (cw_subject_equal (wanted, there))
    {
      cw_finding_append (findings,
                         &(CwFindingTexts){ .id = "subject-same",
                                            .title = _ ("The subject is as it was asked for") });
      return;
    }

  g_autoptr (GPtrArray) missing = subtract_subjects (wanted, there);
  g_autoptr (GPtrArray) added = subtract_subjects (there, wanted);
  if (missing->len == 0 && added->len == 0)
    append_subject_reordered (findings);
  else
    append_subject_changed (findings, wanted, there, got);
}

static gboolean
has_alt_name (GListModel *names, CwAltName *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) other = g_list_model_get_item (names, i);
      if (cw_alt_name_equal (name, other))
        return TRUE;
    }
  return FALSE;
}

static GPtrArray *
subtract_alt_names (GListModel *a, GListModel *b)
{
  GPtrArray *rest = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < g_list_model_get_n_items (a); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (a, i);
      if (has_alt_name (b, name))
        continue;
      g_autofree char *value = cw_text_clean (cw_alt_name_get_value (name));
      g_ptr_array_add (
          rest,
          g_strdup_printf (
              /* Translators: a kind of name and the name: "E-mail address “steve@example.com”" */
              C_ ("alternative name", "%s “%s”"),
              cw_alt_name_kind_get_title (cw_alt_name_get_kind (name)), value));
    }
  return rest;
}

static void
append_alt_names_missing (GListStore *findings, GPtrArray *missing, CwCertificate *got)
{
  g_autofree char *names = join (missing);
  g_autofree char *title =
      g_strdup_printf (ngettext ("An alternative name is missing: %s",
                                 "Alternative names are missing: %s", (gulong) missing->len),
                       names);
  g_autofree char *fault = g_strdup_printf (
      ngettext ("The request asked for an alternative name that it does not contain: %s.",
                "The request asked for alternative names that it does not contain: %s.",
                (gulong) missing->len),
      names);
  g_autofree char *letter = cw_finding_letter (got, fault);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "alt-name-missing",
          .severity = CW_SEVERITY_WARNING,
          .title = title,
          .meaning =
              _ ("The CA left out what the request asked for. A server that knows its callers by "
                 "these names will refuse the connection."),
          .remedy =
              _ ("Ask the CA to issue the certificate again. Some CAs want the names typed into "
                 "their form too, beside the request."),
          .ca_text = letter,
      });
}

static void
append_alt_names_added (GListStore *findings, GPtrArray *added)
{
  g_autofree char *names = join (added);
  g_autofree char *title =
      g_strdup_printf (ngettext ("The CA added an alternative name: %s",
                                 "The CA added alternative names: %s", (gulong) added->len),
                       names);
  cw_finding_append (findings,
                     &(CwFindingTexts){
                         .id = "alt-name-added",
                         .severity = CW_SEVERITY_NOTE,
                         .title = title,
                         .meaning = _ ("It does no harm, as long as the names are yours."),
                     });
}

static void
compare_alt_names (GListStore *findings, CwRequest *asked, CwCertificate *got)
{
  GListModel *wanted = cw_request_get_alt_names (asked);
  GListModel *there = cw_certificate_get_alt_names (got);
  g_autoptr (GPtrArray) missing = subtract_alt_names (wanted, there);
  g_autoptr (GPtrArray) added = subtract_alt_names (there, wanted);

  if (missing->len > 0)
    append_alt_names_missing (findings, missing, got);
  else if (g_list_model_get_n_items (wanted) > 0)
    cw_finding_append (findings,
                       &(CwFindingTexts){ .id = "alt-names-same",
                                          .title = _ ("All alternative names are there") });
  if (added->len > 0)
    append_alt_names_added (findings, added);
}

static void
append_usages_missing (GListStore *findings, GPtrArray *missing, CwCertificate *got)
{
  g_autofree char *usages = join (missing);
  g_autofree char *title = g_strdup_printf (
      ngettext ("A usage is missing: %s", "Usages are missing: %s", (gulong) missing->len), usages);
  g_autofree char *fault =
      g_strdup_printf (_ ("The request asked for extended key usages that it lacks: %s."), usages);
  g_autofree char *letter = cw_finding_letter (got, fault);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "usage-missing",
          .severity = CW_SEVERITY_WARNING,
          .title = title,
          .meaning =
              _ ("The certificate cannot be used for this, though the request asked for it."),
          .remedy = _ ("If you need it, ask the CA to issue the certificate again."),
          .ca_text = letter,
      });
}

static void
append_usages_added (GListStore *findings, GPtrArray *added)
{
  g_autofree char *usages = join (added);
  g_autofree char *title = g_strdup_printf (
      ngettext ("The CA added a usage: %s", "The CA added usages: %s", (gulong) added->len),
      usages);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "usage-added",
          .severity = CW_SEVERITY_NOTE,
          .title = title,
          .meaning =
              _ ("The certificate can be used for more than was asked for. That does no harm "
                 "here."),
      });
}

/* Client authentication is not counted here: it is a finding of its own. */
static void
compare_usages (GListStore *findings, CwRequest *asked, CwCertificate *got)
{
  const char *const *wanted = cw_request_get_usages (asked);
  const char *const *there = cw_certificate_get_usages (got);
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  g_autoptr (GPtrArray) added = g_ptr_array_new ();
  gboolean complete = TRUE;

  for (guint i = 0; wanted[i] != NULL; i++)
    if (!cw_certificate_has_usage (got, wanted[i]))
      {
        complete = FALSE;
        if (!g_str_equal (wanted[i], CW_USAGE_CLIENT_AUTH))
          g_ptr_array_add (missing, (char *) cw_usage_get_title (wanted[i]));
      }
  for (guint i = 0; there != NULL && there[i] != NULL; i++)
    if (!cw_request_has_usage (asked, there[i]))
      g_ptr_array_add (added, (char *) cw_usage_get_title (there[i]));

  if (missing->len > 0)
    append_usages_missing (findings, missing, got);
  if (complete && wanted[0] != NULL)
    cw_finding_append (
        findings, &(CwFindingTexts){ .id = "usages-same",
                                     .title = _ ("It may be used for all that was asked for") });
  if (added->len > 0)
    append_usages_added (findings, added);
}

void
cw_fidelity_append (GListStore *findings, CwRequest *asked, CwCertificate *got)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (CW_IS_REQUEST (asked));
  g_return_if_fail (CW_IS_CERTIFICATE (got));

  compare_subjects (findings, asked, got);
  compare_alt_names (findings, asked, got);
  compare_usages (findings, asked, got);
}
