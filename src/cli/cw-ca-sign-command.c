/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-ca.h"
#include "cw-date.h"
#include "cw-destination.h"
#include "cw-error.h"
#include "cw-reply-json.h"
#include "cw-request-options.h"
#include "cw-terminal.h"
#include "cw-usage.h"

typedef struct
{
  char *ca;
  int days;
  gboolean server;
  gboolean client;
  char **usages;
  char **add_names;
  char **drop_names;
  gboolean yes;
  gboolean json;
  char *to;
  gboolean force;
  gboolean with_root;
  char **words;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->ca, g_free);
  g_clear_pointer (&options->usages, g_strfreev);
  g_clear_pointer (&options->add_names, g_strfreev);
  g_clear_pointer (&options->drop_names, g_strfreev);
  g_clear_pointer (&options->to, g_free);
  g_clear_pointer (&options->words, g_strfreev);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
check_options (const Options *options, GError **error)
{
  if (!options->words || options->words[1])
    return cw_command_misused (error, _ ("Name one request: a file, “-”, or the id of one that "
                                         "waits here."));
  if (options->server + options->client + (options->usages != NULL) > 1)
    return cw_command_misused (error,
                               _ ("Only one of --server, --client and --usage can be used."));
  return TRUE;
}

static gboolean
parse (const CwCommand *self, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "ca", 0, 0, G_OPTION_ARG_STRING, &options->ca,
      N_ ("The private CA that signs; needed if there are several"), N_ ("CA") },
    { "days", 0, 0, G_OPTION_ARG_INT, &options->days, N_ ("How many days it is valid"),
      N_ ("DAYS") },
    { "client", 0, 0, G_OPTION_ARG_NONE, &options->client, N_ ("For a client, whatever was asked"),
      NULL },
    { "server", 0, 0, G_OPTION_ARG_NONE, &options->server, N_ ("For a server, whatever was asked"),
      NULL },
    { "usage", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->usages,
      N_ ("An extended key usage, in place of those asked for"), N_ ("NAME|OID") },
    { "add-name", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->add_names,
      N_ ("An alternative name that was not asked for"), N_ ("TYPE:VALUE") },
    { "drop-name", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->drop_names,
      N_ ("An alternative name that is not granted"), N_ ("TYPE:VALUE") },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &options->yes, N_ ("Do not ask"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, N_ ("Print JSON, for programs"), NULL },
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &options->to,
      N_ ("Write the certificate to a file, not to standard output"), N_ ("FILE") },
    { "with-root", 0, 0, G_OPTION_ARG_NONE, &options->with_root,
      N_ ("Write the CA’s certificate too"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options->force, N_ ("Replace that file if it exists"),
      NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->words, NULL, NULL },
    { NULL }
  };

  return cw_command_parse (self, argv, entries, error) && check_options (options, error);
}

/* The request */

static gboolean
is_file (const char *word)
{
  return g_str_equal (word, "-") || g_file_test (word, G_FILE_TEST_EXISTS);
}

/* The only request in a file: whoever looks at one must not sign another. */
static GBytes *
read_file (const char *word, GError **error)
{
  const CwPassphraseSource none = CW_PASSPHRASE_SOURCE_INIT;
  char *files[] = { (char *) word, NULL };
  g_autoptr (CwIntake) intake = cw_intake_new (files, &none, FALSE, error);
  g_autoptr (GPtrArray) requests = intake ? cw_reply_get_requests (intake->reply) : NULL;
  g_autofree char *name = g_filename_display_name (word);

  if (!requests)
    return NULL;
  if (requests->len == 1)
    return g_bytes_ref (requests->pdata[0]);

  if (requests->len == 0)
    g_set_error (error, CW_ERROR, CW_ERROR_UNREADABLE,
                 _ ("There is no certificate request in “%s”."), name);
  else
    g_set_error (error, CW_ERROR, CW_ERROR_UNREADABLE,
                 ngettext ("There is %u certificate request in “%s”.",
                           "There are %u certificate requests in “%s”. Nothing was signed: put "
                           "each into a file of its own, and sign them one by one.",
                           requests->len),
                 requests->len, name);
  return NULL;
}

static GBytes *
find_request (CwStore *store, const char *word, GError **error)
{
  CwIdentity *identity;
  GBytes *csr;

  if (is_file (word))
    return read_file (word, error);
  identity = cw_session_find_identity (store, word, error);
  if (!identity)
    return NULL;
  csr = cw_identity_get_csr (identity);
  if (csr)
    return g_bytes_ref (csr);
  cw_command_misused (error, _ ("No request has been made for “%s”."), word);
  return NULL;
}

/* Whose request it is, if it waits here for just this answer. */
static CwIdentity *
find_answered (CwStore *store, CwGrant *grant)
{
  CwIdentity *identity = cw_store_find_by_key (store, cw_grant_get_key_fingerprint (grant));

  return identity && cw_identity_get_csr (identity) && !cw_identity_get_chain (identity) ? identity
                                                                                         : NULL;
}

/* What is granted */

static gboolean
drop_name (CwRequest *request, const char *text, GError **error)
{
  g_autoptr (CwAltName) dropped = cw_request_options_parse_name ("--drop-name", text, error);
  GListModel *names = cw_request_get_alt_names (request);

  if (!dropped)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);

      if (cw_alt_name_equal (name, dropped))
        {
          cw_request_remove_alt_name (request, i);
          return TRUE;
        }
    }
  return cw_command_misused (error, _ ("“%s” for --drop-name was not asked for."), text);
}

static gboolean
change_names (CwRequest *request, const Options *options, GError **error)
{
  for (guint i = 0; options->drop_names && options->drop_names[i]; i++)
    if (!drop_name (request, options->drop_names[i], error))
      return FALSE;
  for (guint i = 0; options->add_names && options->add_names[i]; i++)
    {
      g_autoptr (CwAltName) name =
          cw_request_options_parse_name ("--add-name", options->add_names[i], error);

      if (!name)
        return FALSE;
      cw_request_add_alt_name (request, name);
    }
  return TRUE;
}

static gboolean
change (CwGrant *grant, const Options *options, GError **error)
{
  CwRequest *request = cw_grant_get_request (grant);

  /* Names first: a host name that is given takes the place of the common name. */
  if (!change_names (request, options, error))
    return FALSE;
  if (options->server || options->client)
    cw_grant_set_purpose (grant, options->server ? CW_USAGE_SERVER_AUTH : CW_USAGE_CLIENT_AUTH);
  if (!cw_request_options_set_usages (request, options->usages, error) ||
      !cw_request_options_set_days (request, options->days, error))
    return FALSE;
  cw_request_add_host_name (request);
  return cw_grant_check (grant, error);
}

/* Showing it, whole, on standard error: the certificate goes to standard output. */

static void
print_line (const char *name, const char *value)
{
  /* Translators: what it is, and its value: "Subject: CN = steve@example.com" */
  g_autofree char *line = g_strdup_printf (_ ("%s: %s"), name, value);

  cw_terminal_print (stderr, 2, line);
}

static gboolean
has_name (CwRequest *request, CwAltName *name)
{
  GListModel *names = cw_request_get_alt_names (request);

  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) other = g_list_model_get_item (names, i);

      if (cw_alt_name_equal (name, other))
        return TRUE;
    }
  return FALSE;
}

static void
print_marked_line (const char *name, const char *value, CwMark mark, const char *word)
{
  g_autofree char *line = g_strdup_printf (_ ("%s: %s"), name, value);

  if (mark == CW_MARK_PLAIN)
    cw_terminal_print (stderr, 2, line);
  else
    cw_terminal_print_marked (stderr, 2, mark, word, line);
}

/* Those of @these, marked if @those does not have them. */
static void
print_names (CwRequest *these, CwRequest *those, gboolean only_missing, const char *word)
{
  GListModel *names = cw_request_get_alt_names (these);

  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);
      const gboolean missing = !has_name (those, name);

      if (missing || !only_missing)
        print_marked_line (cw_alt_name_kind_get_title (cw_alt_name_get_kind (name)),
                           cw_alt_name_get_value (name), missing ? CW_MARK_NOTE : CW_MARK_PLAIN,
                           word);
    }
}

static void
print_usages (CwRequest *these, CwRequest *those, gboolean only_missing, const char *word)
{
  for (const char *const *usage = cw_request_get_usages (these); *usage; usage++)
    {
      const gboolean missing = !cw_request_has_usage (those, *usage);

      if (missing || !only_missing)
        print_marked_line (_ ("Usage"), cw_usage_get_title (*usage),
                           missing ? CW_MARK_NOTE : CW_MARK_PLAIN, word);
    }
}

static void
print_ignored (CwGrant *grant)
{
  GPtrArray *ignored = cw_grant_get_ignored (grant);

  for (guint i = 0; i < ignored->len; i++)
    {
      const CwIgnored *one = ignored->pdata[i];
      /* Translators: what was asked for, and why it is not granted */
      g_autofree char *line = g_strdup_printf (_ ("%s. %s"), one->title, one->reason);

      cw_terminal_print_marked (stderr, 2, one->hostile ? CW_MARK_PROBLEM : CW_MARK_NOTE,
                                _ ("Not granted"), line);
    }
}

static void
print_grant (CwGrant *grant, CwIdentity *authority)
{
  CwRequest *asked = cw_grant_get_asked (grant), *granted = cw_grant_get_request (grant);
  CwCertificate *certificate = cw_chain_get_leaf (cw_identity_get_chain (authority));
  g_autofree char *subject = cw_subject_to_string (cw_request_get_subject (granted));
  g_autofree char *title = cw_identity_get_title (authority);
  g_autofree char *heading = g_strdup_printf (_ ("“%s” is about to sign this:"), title);
  g_autoptr (GDateTime) end = NULL;
  const gboolean clipped = cw_authority_clip (certificate, cw_request_get_days (granted), &end);
  g_autofree char *until = cw_date_format (end, NULL);

  cw_terminal_print (stderr, 0, heading);
  print_line (_ ("Subject"), *subject ? subject : _ ("Nothing"));
  print_line (_ ("Key"), cw_grant_get_key_title (grant));
  print_line (_ ("Fingerprint of the key (SHA-256)"), cw_grant_get_key_fingerprint (grant));
  print_names (granted, asked, FALSE, _ ("Added"));
  print_names (asked, granted, TRUE, _ ("Dropped"));
  print_usages (granted, asked, FALSE, _ ("Added"));
  print_usages (asked, granted, TRUE, _ ("Dropped"));
  print_line (C_ ("before a date", "Valid until"), until);
  if (clipped)
    cw_terminal_print_marked (stderr, 2, CW_MARK_NOTE, _ ("Note"),
                              _ ("That is when the CA itself ends; nothing outlives it."));
  print_ignored (grant);
}

/* Signing it */

static CwChain *
sign (CwStore *store, CwIdentity *authority, CwGrant *grant, GError **error)
{
  g_auto (CwWait) wait = { NULL };

  cw_enrolment_issue_async (store, authority, grant, find_answered (store, grant), NULL, cw_wait_cb,
                            &wait);
  return cw_enrolment_issue_finish (store, cw_wait_for (&wait), error);
}

static void
add_ignored (JsonBuilder *builder, CwGrant *grant)
{
  GPtrArray *ignored = cw_grant_get_ignored (grant);

  json_builder_set_member_name (builder, "ignored");
  json_builder_begin_array (builder);
  for (guint i = 0; i < ignored->len; i++)
    {
      const CwIgnored *one = ignored->pdata[i];

      json_builder_begin_object (builder);
      cw_json_add_string (builder, "oid", one->oid);
      cw_json_add_string (builder, "title", one->title);
      cw_json_add_string (builder, "reason", one->reason);
      cw_json_add_boolean (builder, "hostile", one->hostile);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (CwIdentity *authority, CwGrant *grant, CwChain *chain)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *pem = cw_certificate_to_pem (cw_chain_get_leaf (chain));

  json_builder_begin_object (builder);
  cw_json_add_int (builder, "version", CW_JSON_VERSION);
  cw_json_add_string (builder, "authority", cw_identity_get_id (authority));
  json_builder_set_member_name (builder, "asked");
  json_builder_begin_object (builder);
  cw_reply_json_add_request (builder, cw_grant_get_asked (grant));
  json_builder_end_object (builder);
  add_ignored (builder, grant);
  json_builder_set_member_name (builder, "certificate");
  json_builder_begin_object (builder);
  cw_reply_json_add_certificate (builder, cw_chain_get_leaf (chain));
  cw_json_add_string (builder, "pem", pem);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  cw_json_print (builder);
}

static CwStatus
hand_over (CwIdentity *authority, CwGrant *grant, CwChain *chain, const Options *options)
{
  g_autoptr (GError) error = NULL;

  if (options->json)
    print_json (authority, grant, chain);
  if ((options->json && !options->to) ||
      cw_destination_write_text (&(CwDestination){ .path = options->to, .force = options->force },
                                 cw_chain_to_pem (chain, options->with_root), &error))
    return CW_STATUS_FINE;

  cw_command_fail (error);
  cw_terminal_print (
      stderr, 0, _ ("The certificate itself is signed, and “certwright-cli ca list” shows it."));
  return CW_STATUS_PROBLEM;
}

static gboolean
may_sign (const Options *options, CwGrant *grant, CwIdentity *authority)
{
  if (!options->json || !options->yes)
    print_grant (grant, authority);
  if (options->yes || cw_terminal_confirm (_ ("Sign it?")))
    return TRUE;
  cw_terminal_print (stderr, 0, _ ("Nothing was signed."));
  return FALSE;
}

static CwStatus
run_sign (const CwCommand *self, char **argv)
{
  g_auto (Options) options = { .days = CW_REQUEST_OPTIONS_NO_DAYS };
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (CwGrant) grant = NULL;
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GError) error = NULL;
  CwIdentity *authority;
  CwDestination to = { NULL };

  if (!parse (self, argv, &options, &error))
    return cw_command_fail (error);
  to = (CwDestination){ .path = options.to, .force = options.force };
  if (!options.yes && (!cw_terminal_can_ask () || g_str_equal (options.words[0], "-")))
    cw_command_misused (&error, _ ("Nobody can be asked; give --yes to sign it all the same."));
  if (error || !cw_destination_check (&to, &error) ||
      !(store = cw_session_open_store (FALSE, &error)) ||
      !(authority = cw_ca_find (store, options.ca, &error)) ||
      !(csr = find_request (store, options.words[0], &error)) ||
      !(grant = cw_grant_new_from_csr (csr, &error)) || !change (grant, &options, &error))
    return cw_command_fail (error);

  if (!may_sign (&options, grant, authority))
    return CW_STATUS_PROBLEM;
  chain = sign (store, authority, grant, &error);
  return chain ? hand_over (authority, grant, chain, &options) : cw_command_fail (error);
}

const CwCommand cw_ca_sign_command = {
  .name = "ca sign",
  .arguments = N_ ("FILE|ID"),
  .summary = N_ ("Shows what a request asks for, and signs it with a private CA."),
  .run = run_sign,
};
