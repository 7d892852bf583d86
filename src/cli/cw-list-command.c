/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-json.h"
#include "cw-profile.h"
#include "cw-session.h"
#include "cw-terminal.h"

/* Programs rely on these words. */
static const char *const states[] = {
  [CW_IDENTITY_DRAFT] = "draft",       [CW_IDENTITY_WAITING] = "waiting",
  [CW_IDENTITY_READY] = "ready",       [CW_IDENTITY_EXPIRING] = "expiring",
  [CW_IDENTITY_EXPIRED] = "expired",   [CW_IDENTITY_REVOKED] = "revoked",
  [CW_IDENTITY_REPLACED] = "replaced",
};

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return cw_identity_compare_urgency (*(CwIdentity **) a, *(CwIdentity **) b, user_data);
}

/* Those first that something has to be done about, as in the window. */
static GPtrArray *
sort_identities (CwStore *store)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  GPtrArray *sorted = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    g_ptr_array_add (sorted, g_list_model_get_item (G_LIST_MODEL (store), i));
  g_ptr_array_sort_with_data (sorted, compare_cb, now);
  return sorted;
}

static void
add_certificate (JsonBuilder *builder, CwCertificate *certificate)
{
  g_autofree char *subject = cw_subject_to_string (cw_certificate_get_subject (certificate));
  g_autofree char *issuer = cw_subject_to_string (cw_certificate_get_issuer (certificate));

  cw_json_add_string (builder, "subject", subject);
  cw_json_add_string (builder, "issuer", issuer);
  cw_json_add_hex (builder, "serial", cw_certificate_get_serial (certificate));
  cw_json_add_time (builder, "notBefore", cw_certificate_get_not_before (certificate));
  cw_json_add_time (builder, "notAfter", cw_certificate_get_not_after (certificate));
  cw_json_add_hex (builder, "sha256", cw_certificate_get_fingerprint (certificate));
}

static void
add_identity (JsonBuilder *builder, CwIdentity *identity)
{
  CwChain *chain = cw_identity_get_chain (identity);
  g_autofree char *title = cw_identity_get_title (identity);
  g_autofree char *status = cw_identity_get_status (identity, NULL);
  g_autofree char *test = cw_identity_get_test_status (identity);

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "id", cw_identity_get_id (identity));
  cw_json_add_string (builder, "title", title);
  cw_json_add_string (builder, "state", states[cw_identity_get_state (identity, NULL)]);
  cw_json_add_string (builder, "status", status);
  cw_json_add_string (builder, "profile", cw_identity_get_profile_id (identity));
  cw_json_add_time (builder, "requestedAt", cw_identity_get_requested_at (identity));
  cw_json_add_string (builder, "spkiSha256", cw_identity_get_key_fingerprint (identity));
  if (chain)
    add_certificate (builder, cw_chain_get_leaf (chain));
  cw_json_add_string (builder, "address", cw_identity_get_address (identity));
  cw_json_add_string (builder, "testVerdict", cw_identity_get_test_verdict (identity));
  cw_json_add_string (builder, "testStatus", test);
  cw_json_add_string (builder, "replacedBy", cw_identity_get_replaced_by (identity));
  json_builder_end_object (builder);
}

static void
print_json (GPtrArray *identities)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cw_json_add_int (builder, "version", CW_JSON_VERSION);
  json_builder_set_member_name (builder, "identities");
  json_builder_begin_array (builder);
  for (guint i = 0; i < identities->len; i++)
    add_identity (builder, identities->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cw_json_print (builder);
}

static void
print_ids (GPtrArray *identities)
{
  for (guint i = 0; i < identities->len; i++)
    puts (cw_identity_get_id (identities->pdata[i]));
}

/* What it is for, then how it stands, as in the window. */
static char *
describe (CwIdentity *identity, GListModel *profiles)
{
  const char *id = cw_identity_get_profile_id (identity);
  g_autoptr (CwProfile) profile = id ? cw_profiles_find (profiles, id) : NULL;
  g_autofree char *status = cw_identity_get_status (identity, NULL);
  const char *kind = profile                                   ? cw_profile_get_short_name (profile)
                     : cw_identity_get_is_authority (identity) ? _ ("Private CA")
                                                               : NULL;

  /* Translators: what a certificate is for, then its state: "PlaceOS · Expires in 21 days" */
  return kind ? g_strdup_printf (_ ("%s · %s"), kind, status) : g_steal_pointer (&status);
}

static void
print_text (CwStore *store, GPtrArray *identities)
{
  g_autoptr (GListModel) profiles = cw_profiles_load (NULL);

  if (identities->len == 0)
    cw_terminal_print (stdout, 0,
                       _ ("There are no certificates yet. “certwright-cli request” makes a "
                          "request for one."));

  for (guint i = 0; i < identities->len; i++)
    {
      CwIdentity *identity = identities->pdata[i];
      g_autofree char *id = cw_session_dup_short_id (store, identity);
      g_autofree char *title = cw_identity_get_title (identity);
      g_autofree char *status = describe (identity, profiles);
      g_autofree char *test = cw_identity_get_test_status (identity);
      g_autofree char *line = g_strdup_printf ("%s  %s", id, title);

      cw_terminal_print (stdout, 0, line);
      cw_terminal_print (stdout, 2, status);
      if (test)
        cw_terminal_print (stdout, 2, test);
    }
}

static CwStatus
run_list (const CwCommand *self, char **argv)
{
  gboolean json = FALSE, ids = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON, for programs"), NULL },
    { "ids", 0, 0, G_OPTION_ARG_NONE, &ids, N_ ("Print only the ids, a line for each"), NULL },
    { NULL }
  };
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GPtrArray) identities = NULL;
  g_autoptr (GError) error = NULL;

  if (!cw_command_parse (self, argv, entries, &error) ||
      !(store = cw_session_open_store (FALSE, &error)))
    return cw_command_fail (error);

  identities = sort_identities (store);
  if (json)
    print_json (identities);
  else if (ids)
    print_ids (identities);
  else
    print_text (store, identities);
  return CW_STATUS_FINE;
}

const CwCommand cw_list_command = {
  .name = "list",
  .arguments = NULL,
  .summary = N_ ("Lists the certificates that you have or wait for, the most urgent first."),
  .run = run_list,
};
