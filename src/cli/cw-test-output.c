/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-json.h"
#include "cw-quote.h"
#include "cw-reply-json.h"
#include "cw-reply-text.h"
#include "cw-terminal.h"
#include "cw-test-output.h"

#define INDENT    2
#define FILE_NAME "server-ca.pem"

/* None of these words may change: programs rely on them. */
static const char *const choices[] = {
  [CW_TRUST_NONE] = NULL,
  [CW_TRUST_SYSTEM] = "system",
  [CW_TRUST_REPLY] = "reply",
  [CW_TRUST_FILE] = "file",
};

void
cw_test_output_print_text (FILE *stream, CwConnectionResult *result)
{
  const guint n_findings = g_list_model_get_n_items (G_LIST_MODEL (result));

  cw_reply_text_print_finding (stream, cw_connection_result_get_verdict (result));
  if (n_findings > 0)
    fputc ('\n', stream);
  for (guint i = 0; i < n_findings; i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (result), i);

      cw_reply_text_print_finding (stream, finding);
    }
}

static void
print_save (FILE *stream, const char *path)
{
  g_autofree char *quoted = cw_quote_word (path);
  g_autofree char *line = g_strconcat ("--save-server-ca ", quoted, NULL);

  cw_terminal_print (stream, INDENT, line);
}

/* One that is not kept is in no output either. */
static void
print_cas (FILE *stream, const char *choice, gboolean keep)
{
  g_autofree char *quoted = cw_quote_word (choice);
  g_autofree char *line = g_strconcat ("--server-cas ", quoted, keep ? " --keep" : NULL, NULL);

  cw_terminal_print (stream, INDENT, line);
}

/* That of a file stands in the command already, or in the entry. */
static void
print_choice (FILE *stream, CwTrustChoice choice, gboolean keep)
{
  if (choice != CW_TRUST_SYSTEM && choice != CW_TRUST_REPLY)
    return;
  fputc ('\n', stream);
  cw_terminal_print (stream, 0, _ ("With this it would be verified:"));
  print_cas (stream, choices[choice], keep);
}

/* A file of that name, where --server-cas has another meaning for it. */
static char *
dup_file_name (const char *saved)
{
  if (!saved)
    return g_strdup (FILE_NAME);
  return g_strv_contains ((const char *const[]){ "system", "reply", NULL }, saved)
             ? g_build_filename (".", saved, NULL)
             : g_strdup (saved);
}

static void
print_presented (FILE *stream, CwCertificate *ca, const char *saved, gboolean keep)
{
  /* Translators: a CA's name */
  g_autofree char *text =
      g_strdup_printf (_ ("The server presents “%s”, with which it would be verified. Anybody can "
                          "present a CA: ask the server’s owner for its fingerprint (SHA-256) and "
                          "compare. This one’s is:"),
                       cw_certificate_get_title (ca));
  g_autofree char *file = dup_file_name (saved);

  fputc ('\n', stream);
  cw_terminal_print (stream, 0, text);
  cw_terminal_print (stream, INDENT, cw_certificate_get_fingerprint (ca));
  if (!saved)
    {
      cw_terminal_print (stream, 0, _ ("Save it with:"));
      print_save (stream, file);
    }
  cw_terminal_print (stream, 0, _ ("Only if the two are the same, test again with:"));
  print_cas (stream, file, keep);
}

void
cw_test_output_print_offer (FILE *stream,
                            CwConnectionResult *result,
                            const char *saved,
                            gboolean keep)
{
  CwCertificate *ca = cw_connection_result_get_offered_ca (result);

  print_choice (stream, cw_connection_result_get_working_choice (result), keep);
  if (ca)
    print_presented (stream, ca, saved, keep);
}

static void
add_evidence (JsonBuilder *builder, CwConnectionResult *result)
{
  json_builder_set_member_name (builder, "evidence");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (result)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (result), i);

      cw_reply_json_add_finding (builder, finding);
    }
  json_builder_end_array (builder);
}

static void
add_presented (JsonBuilder *builder, GPtrArray *certificates)
{
  json_builder_set_member_name (builder, "presented");
  json_builder_begin_array (builder);
  for (guint i = 0; i < certificates->len; i++)
    {
      json_builder_begin_object (builder);
      cw_reply_json_add_certificate (builder, certificates->pdata[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

void
cw_test_output_print_json (CwConnectionResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  CwCertificate *offered = cw_connection_result_get_offered_ca (result);

  json_builder_begin_object (builder);
  cw_json_add_int (builder, "version", CW_JSON_VERSION);
  cw_json_add_string (builder, "address", cw_connection_result_get_address (result));
  cw_json_add_time (builder, "time", cw_connection_result_get_time (result));
  cw_json_add_boolean (builder, "works", cw_connection_result_works (result));
  json_builder_set_member_name (builder, "verdict");
  cw_reply_json_add_finding (builder, cw_connection_result_get_verdict (result));
  add_evidence (builder, result);
  add_presented (builder, cw_connection_result_get_presented (result));
  if (offered)
    cw_json_add_hex (builder, "offeredCa", cw_certificate_get_fingerprint (offered));
  cw_json_add_string (builder, "workingChoice",
                      choices[cw_connection_result_get_working_choice (result)]);
  json_builder_end_object (builder);
  cw_json_print (builder);
}
