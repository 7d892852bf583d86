/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-reply-text.h"
#include "cw-terminal.h"

#define INDENT 2

static const struct
{
  CwMark mark;
  const char *word;
} severities[] = {
  [CW_SEVERITY_GOOD] = { CW_MARK_GOOD, N_ ("Good") },
  [CW_SEVERITY_NOTE] = { CW_MARK_NOTE, N_ ("Note") },
  [CW_SEVERITY_WARNING] = { CW_MARK_WARNING, N_ ("Warning") },
  [CW_SEVERITY_PROBLEM] = { CW_MARK_PROBLEM, N_ ("Problem") },
};

/* NULL where the item's title says it. */
static const char *
get_role_text (CwIntake *intake, CwReplyItem *item)
{
  switch (cw_reply_item_get_kind (item))
    {
    case CW_REPLY_KIND_KEY:
    case CW_REPLY_KIND_REQUEST:
    case CW_REPLY_KIND_CRL:
      return NULL;
    case CW_REPLY_KIND_LOCKED:
      return _ ("Encrypted");
    case CW_REPLY_KIND_OTHER:
      return _ ("Not needed");
    case CW_REPLY_KIND_UNREADABLE:
      return _ ("Unreadable");
    case CW_REPLY_KIND_CERTIFICATE:
      break;
    }
  if (intake->key_missing && cw_intake_is_leaf (intake, item))
    return _ ("The certificate");
  return cw_reply_role_get_text (cw_intake_get_role (intake, item),
                                 intake->chain && !intake->key_missing);
}

static CwMark
get_mark (CwReplyItem *item)
{
  switch (cw_reply_item_get_kind (item))
    {
    case CW_REPLY_KIND_UNREADABLE:
      return CW_MARK_PROBLEM;
    case CW_REPLY_KIND_LOCKED:
      return CW_MARK_WARNING;
    case CW_REPLY_KIND_CERTIFICATE:
    case CW_REPLY_KIND_KEY:
    case CW_REPLY_KIND_REQUEST:
    case CW_REPLY_KIND_CRL:
    case CW_REPLY_KIND_OTHER:
      break;
    }
  return CW_MARK_PLAIN;
}

static void
print_item (FILE *stream, CwIntake *intake, CwReplyItem *item)
{
  const char *title = cw_reply_item_get_title (item);
  const char *reason = cw_intake_get_reason (item);
  const char *remark = cw_reply_item_get_remark (item);
  const char *role = get_role_text (intake, item);

  if (role && !g_str_equal (role, title))
    cw_terminal_print_marked (stream, 0, get_mark (item), role, title);
  else
    cw_terminal_print (stream, 0, title);
  cw_terminal_print (stream, INDENT, cw_reply_item_get_source (item));
  if (reason)
    cw_terminal_print (stream, INDENT, reason);
  if (remark)
    cw_terminal_print (stream, INDENT, remark);
}

static void
print_items (FILE *stream, CwIntake *intake, gboolean only_unread)
{
  const guint n_items = g_list_model_get_n_items (G_LIST_MODEL (intake->reply));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (intake->reply), i);
      const CwReplyKind kind = cw_reply_item_get_kind (item);

      if (!only_unread || kind == CW_REPLY_KIND_UNREADABLE || kind == CW_REPLY_KIND_LOCKED)
        print_item (stream, intake, item);
    }
}

void
cw_reply_text_print_items (FILE *stream, CwIntake *intake)
{
  print_items (stream, intake, FALSE);
}

void
cw_reply_text_print_unread (FILE *stream, CwIntake *intake)
{
  print_items (stream, intake, TRUE);
}

/* One that was tried is said to be wrong, with the item. */
static gboolean
lacks_passphrase (CwReplyItem *item)
{
  return cw_reply_item_get_kind (item) == CW_REPLY_KIND_LOCKED &&
         !g_error_matches (cw_reply_item_get_error (item), CW_ERROR, CW_ERROR_PASSPHRASE_WRONG);
}

void
cw_reply_text_print_locked (CwIntake *intake)
{
  gboolean any = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (intake->reply)); i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (intake->reply), i);

      any = any || lacks_passphrase (item);
    }
  if (any)
    cw_terminal_print (stderr, 0,
                       _ ("certwright-cli: Something is still encrypted. Give its passphrase with "
                          "--passphrase-file."));
}

void
cw_reply_text_print_finding (FILE *stream, CwFinding *finding)
{
  const CwSeverity severity = cw_finding_get_severity (finding);
  const char *meaning = cw_finding_get_meaning (finding);
  const char *remedy = cw_finding_get_remedy (finding);

  cw_terminal_print_marked (stream, 0, severities[severity].mark, _ (severities[severity].word),
                            cw_finding_get_title (finding));
  if (meaning)
    cw_terminal_print (stream, INDENT, meaning);
  if (remedy)
    cw_terminal_print (stream, INDENT, remedy);
}

static void
print_letter (FILE *stream, CwFinding *finding)
{
  const char *ca_text = cw_finding_get_ca_text (finding);

  if (!ca_text)
    return;
  fputc ('\n', stream);
  cw_terminal_print (stream, 2 * INDENT, ca_text);
  fputc ('\n', stream);
}

void
cw_reply_text_print_report (FILE *stream, CwReport *report, gboolean letter)
{
  const guint n_findings = g_list_model_get_n_items (G_LIST_MODEL (report));
  gboolean any_letter = FALSE;

  fputc ('\n', stream);
  cw_terminal_print (stream, 0, cw_report_get_verdict (report));
  fputc ('\n', stream);
  for (guint i = 0; i < n_findings; i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (report), i);

      cw_reply_text_print_finding (stream, finding);
      if (letter)
        print_letter (stream, finding);
      any_letter = any_letter || cw_finding_get_ca_text (finding);
    }
  if (!any_letter || letter)
    return;
  fputc ('\n', stream);
  cw_terminal_print (stream, 0, _ ("With --letter the text to send to the CA is printed too."));
}
