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
#include "cw-json.h"
#include "cw-request-options.h"
#include "cw-terminal.h"

/* What they share */

static CwIdentity *
find_only (CwStore *store, GError **error)
{
  CwIdentity *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (CwIdentity) identity = g_list_model_get_item (G_LIST_MODEL (store), i);

      if (!cw_identity_get_is_authority (identity) || !cw_identity_get_chain (identity))
        continue;
      if (found)
        {
          cw_command_misused (error, _ ("There are several private CAs; say which one."));
          return NULL;
        }
      found = identity; /* the store keeps it */
    }
  if (!found)
    cw_command_misused (error, _ ("There is no private CA yet; “certwright-cli ca create” makes "
                                  "one."));
  return found;
}

CwIdentity *
cw_ca_find (CwStore *store, const char *name, GError **error)
{
  CwIdentity *identity = name ? cw_session_find_identity (store, name, error) : NULL;

  if (!name)
    return find_only (store, error);
  if (!identity || (cw_identity_get_is_authority (identity) && cw_identity_get_chain (identity)))
    return identity;
  cw_command_misused (error, _ ("“%s” is no private CA."), name);
  return NULL;
}

GListModel *
cw_ca_load_issued (CwStore *store, CwIdentity *authority, GError **error)
{
  g_auto (CwWait) wait = { NULL };

  cw_store_load_issued_async (store, authority, NULL, cw_wait_cb, &wait);
  return cw_store_load_issued_finish (store, cw_wait_for (&wait), error);
}

/* Making one */

static CwStatus
show_created (CwStore *store, CwIdentity *identity, const CwRequestOptions *options)
{
  g_autofree char *id = cw_session_dup_short_id (store, identity);
  g_autofree char *title = cw_identity_get_title (identity);
  g_autofree char *made = g_strdup_printf (
      /* Translators: a name, then an id */
      _ ("The private CA “%s” is made; its id is %s. Its private key is in the keyring. Give "
         "its certificate to those who are to trust what it signs."),
      title, id);
  g_autofree char *kept =
      g_strdup_printf (_ ("The CA itself is made: “certwright-cli export %s --format chain "
                          "--to FILE” writes its certificate."),
                       id);

  return cw_request_options_write (
      options, cw_chain_to_pem (cw_identity_get_chain (identity), TRUE), made, kept);
}

static CwStatus
run_create (const CwCommand *self, char **argv)
{
  g_auto (CwRequestOptions) options = CW_REQUEST_OPTIONS_INIT;
  const GOptionEntry entries[] = {
    CW_REQUEST_NAME_ENTRIES (options),
    CW_REQUEST_DAYS_ENTRY (options),
    CW_REQUEST_OUTPUT_ENTRIES (options,
                               N_ ("Write the certificate to a file, not to standard output")),
    { NULL },
  };
  g_autoptr (CwIdentity) identity = cw_identity_new_authority ();
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GError) error = NULL;
  CwDestination to = { NULL };

  if (!cw_command_parse (self, argv, entries, &error) ||
      !cw_request_options_fill (&options, cw_identity_get_request (identity), NULL, &error))
    return cw_command_fail (error);
  to = (CwDestination){ .path = options.output, .force = options.force };
  if (!cw_destination_check (&to, &error) || !(store = cw_session_open_store (TRUE, &error)) ||
      !cw_session_enrol (store, identity, cw_enrolment_create_authority_async,
                         cw_enrolment_create_authority_finish, &error))
    return cw_command_fail (error);
  return show_created (store, identity, &options);
}

static const CwCommand create_command = {
  .name = "ca create",
  .arguments = NULL,
  .summary = N_ ("Makes a private CA: its key in the keyring, and its certificate."),
  .run = run_create,
};

/* What they have signed */

static void
add_issued (JsonBuilder *builder, CwIssued *issued)
{
  CwCertificate *certificate = cw_issued_get_certificate (issued);
  g_autofree char *subject = cw_subject_to_string (cw_certificate_get_subject (certificate));

  json_builder_begin_object (builder);
  cw_json_add_hex (builder, "serial", cw_certificate_get_serial (certificate));
  cw_json_add_string (builder, "title", cw_certificate_get_title (certificate));
  cw_json_add_string (builder, "subject", subject);
  cw_json_add_time (builder, "issuedAt", cw_issued_get_issued_at (issued));
  cw_json_add_time (builder, "notBefore", cw_certificate_get_not_before (certificate));
  cw_json_add_time (builder, "notAfter", cw_certificate_get_not_after (certificate));
  cw_json_add_hex (builder, "sha256", cw_certificate_get_fingerprint (certificate));
  cw_json_add_string (builder, "spkiSha256", cw_certificate_get_key_fingerprint (certificate));
  cw_json_add_time (builder, "revokedAt", cw_issued_get_revoked_at (issued));
  if (cw_issued_is_revoked (issued))
    cw_json_add_string (builder, "reason",
                        cw_revocation_reason_get_id (cw_issued_get_reason (issued)));
  json_builder_end_object (builder);
}

static void
add_authority (JsonBuilder *builder, CwIdentity *authority, GListModel *issued)
{
  CwCertificate *certificate = cw_chain_get_leaf (cw_identity_get_chain (authority));
  g_autofree char *subject = cw_subject_to_string (cw_certificate_get_subject (certificate));
  g_autofree char *title = cw_identity_get_title (authority);

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "id", cw_identity_get_id (authority));
  cw_json_add_string (builder, "title", title);
  cw_json_add_string (builder, "subject", subject);
  cw_json_add_time (builder, "notAfter", cw_certificate_get_not_after (certificate));
  cw_json_add_hex (builder, "sha256", cw_certificate_get_fingerprint (certificate));
  json_builder_set_member_name (builder, "issued");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (issued); i++)
    {
      g_autoptr (CwIssued) one = g_list_model_get_item (issued, i);

      add_issued (builder, one);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_authority (CwStore *store, CwIdentity *authority, GListModel *issued)
{
  g_autofree char *id = cw_session_dup_short_id (store, authority);
  g_autofree char *title = cw_identity_get_title (authority);
  g_autofree char *heading = g_strdup_printf ("%s  %s", id, title);

  cw_terminal_print (stdout, 0, heading);
  if (g_list_model_get_n_items (issued) == 0)
    cw_terminal_print (stdout, 2, _ ("It has signed nothing yet."));
  for (guint i = 0; i < g_list_model_get_n_items (issued); i++)
    {
      g_autoptr (CwIssued) one = g_list_model_get_item (issued, i);
      CwCertificate *certificate = cw_issued_get_certificate (one);
      g_autofree char *status = cw_issued_get_status (one, NULL);

      cw_terminal_print (stdout, 2, cw_certificate_get_title (certificate));
      cw_terminal_print (stdout, 4, status);
      cw_terminal_print (stdout, 4, cw_certificate_get_serial (certificate));
    }
}

/* Those that are meant: the one that is named, or all. */
static GPtrArray *
collect_authorities (CwStore *store, const char *name, GError **error)
{
  g_autoptr (GPtrArray) authorities = g_ptr_array_new ();
  CwIdentity *named = name ? cw_ca_find (store, name, error) : NULL;

  if (name && !named)
    return NULL;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (CwIdentity) identity = g_list_model_get_item (G_LIST_MODEL (store), i);

      if (name ? identity == named
               : cw_identity_get_is_authority (identity) && cw_identity_get_chain (identity))
        g_ptr_array_add (authorities, identity); /* the store keeps it */
    }
  return g_steal_pointer (&authorities);
}

static gboolean
list (CwStore *store, GPtrArray *authorities, JsonBuilder *builder, GError **error)
{
  for (guint i = 0; i < authorities->len; i++)
    {
      g_autoptr (GListModel) issued = cw_ca_load_issued (store, authorities->pdata[i], error);

      if (!issued)
        return FALSE;
      if (builder)
        add_authority (builder, authorities->pdata[i], issued);
      else
        print_authority (store, authorities->pdata[i], issued);
    }
  if (authorities->len == 0 && !builder)
    cw_terminal_print (stdout, 0,
                       _ ("There is no private CA yet. “certwright-cli ca create” makes one."));
  return TRUE;
}

static gboolean
list_json (CwStore *store, GPtrArray *authorities, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cw_json_add_int (builder, "version", CW_JSON_VERSION);
  json_builder_set_member_name (builder, "authorities");
  json_builder_begin_array (builder);
  if (!list (store, authorities, builder, error))
    return FALSE;
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cw_json_print (builder);
  return TRUE;
}

static CwStatus
run_list (const CwCommand *self, char **argv)
{
  gboolean json = FALSE;
  g_auto (GStrv) names = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON, for programs"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, NULL },
    { NULL }
  };
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GPtrArray) authorities = NULL;
  g_autoptr (GError) error = NULL;

  if (!cw_command_parse (self, argv, entries, &error))
    return cw_command_fail (error);
  if (names && names[1])
    cw_command_misused (&error, _ ("Name one private CA, or none for all."));
  if (error || !(store = cw_session_open_store (FALSE, &error)) ||
      !(authorities = collect_authorities (store, names ? names[0] : NULL, &error)) ||
      !(json ? list_json (store, authorities, &error) : list (store, authorities, NULL, &error)))
    return cw_command_fail (error);
  return CW_STATUS_FINE;
}

static const CwCommand list_command = {
  .name = "ca list",
  .arguments = N_ ("[CA]"),
  .summary = N_ ("Lists the private CAs, and what each has signed."),
  .run = run_list,
};

/* The command of commands */

static const CwCommand *const commands[] = {
  &create_command, &cw_ca_sign_command, &list_command, &cw_ca_revoke_command, &cw_ca_crl_command,
};

static const char *
own_name (const CwCommand *command)
{
  return command->name + strlen ("ca ");
}

static void
print_help (FILE *stream)
{
  cw_terminal_print (stream, 0, _ ("Usage: certwright-cli ca COMMAND [OPTION…]"));
  fputc ('\n', stream);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *line =
          g_strdup_printf ("%-9s %s", own_name (commands[i]), _ (commands[i]->summary));

      cw_terminal_print (stream, 2, line);
    }
}

static CwStatus
run_ca (const CwCommand *self, char **argv)
{
  const char *name = argv[1];
  g_autoptr (GError) error = NULL;

  if (!name || g_str_equal (name, "--help") || g_str_equal (name, "-h"))
    {
      print_help (name ? stdout : stderr);
      return name ? CW_STATUS_FINE : CW_STATUS_USAGE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (own_name (commands[i]), name))
      return commands[i]->run (commands[i], argv + 1);

  g_set_prgname ("certwright-cli ca"); /* for the help */
  cw_command_misused (&error, _ ("There is no command “%s”."), name);
  return cw_command_fail (error);
}

const CwCommand cw_ca_command = {
  .name = "ca",
  .arguments = NULL,
  .summary = N_ ("Keeps a private CA: create, sign, list, revoke, crl."),
  .run = run_ca,
};
