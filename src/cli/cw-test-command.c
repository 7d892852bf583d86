/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-connection-test-private.h"
#include "cw-connection-test.h"
#include "cw-destination.h"
#include "cw-error.h"
#include "cw-intake.h"
#include "cw-reply-text.h"
#include "cw-session.h"
#include "cw-terminal.h"
#include "cw-test-output.h"

#define MAX_TIMEOUT 600

typedef struct
{
  gboolean json;
  gboolean no_verify;
  gboolean publish;
  gboolean keep;
  gboolean force;
  int timeout;
  char *key;
  char *cert;
  char *ca;
  char *server_cas;
  char *save_server_ca;
  char *topic;
  char *payload;
  char *profile;
  char **words;
  CwPassphraseSource passphrase;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->key, g_free);
  g_clear_pointer (&options->cert, g_free);
  g_clear_pointer (&options->ca, g_free);
  g_clear_pointer (&options->server_cas, g_free);
  g_clear_pointer (&options->save_server_ca, g_free);
  g_clear_pointer (&options->topic, g_free);
  g_clear_pointer (&options->payload, g_free);
  g_clear_pointer (&options->profile, g_free);
  g_clear_pointer (&options->words, g_strfreev);
  cw_passphrase_source_clear (&options->passphrase);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What is tested: an entry of the store, files, or the server alone. */
typedef struct
{
  CwOpenStore *store;
  CwIdentity *identity; /* the store's */
  CwIntake *intake;
  CwSecret *key;
  CwChain *chain;
  CwProfile *profile;
  const char *address; /* as it was typed */
  const char *topic;   /* the options' or the profile's */
  const char *payload;
  CwEndpoint *endpoint;
  CwServerCas choice;
  char *reply_cas;
  char *file_cas;
  gboolean verify;
} Subject;

static void
subject_clear (Subject *self)
{
  g_clear_object (&self->profile);
  g_clear_object (&self->chain);
  g_clear_pointer (&self->key, cw_secret_unref);
  g_clear_pointer (&self->intake, cw_intake_free);
  g_clear_pointer (&self->endpoint, cw_endpoint_unref);
  g_clear_pointer (&self->reply_cas, g_free);
  g_clear_pointer (&self->file_cas, g_free);
  g_clear_pointer (&self->store, cw_session_close_store);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_clear)

static gboolean
parse (const CwCommand *self, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &options->key, N_ ("Test with the private key in a file"),
      N_ ("FILE") },
    { "cert", 0, 0, G_OPTION_ARG_FILENAME, &options->cert,
      N_ ("Test with the certificate in a file"), N_ ("FILE") },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &options->ca,
      N_ ("The certificates of its CAs, if they are in another file"), N_ ("FILE") },
    CW_PASSPHRASE_ENTRIES (options->passphrase),
    { "server-cas", 0, 0, G_OPTION_ARG_FILENAME, &options->server_cas,
      N_ ("Which CAs the server’s certificate may come from: “system” for the system’s, “reply” "
          "for those above the certificate, or a file"),
      N_ ("CHOICE") },
    { "keep", 0, 0, G_OPTION_ARG_NONE, &options->keep,
      N_ ("If it works, keep the address and the choice of CAs with the entry"), NULL },
    { "save-server-ca", 0, 0, G_OPTION_ARG_FILENAME, &options->save_server_ca,
      N_ ("Write the CA that an unverified server presented to a file, to be compared"),
      N_ ("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options->force, N_ ("Replace that file if it exists"),
      NULL },
    { "no-verify", 0, 0, G_OPTION_ARG_NONE, &options->no_verify,
      N_ ("As for a consumer that does not verify the server"), NULL },
    { "publish", 0, 0, G_OPTION_ARG_NONE, &options->publish,
      N_ ("Publish what the profile names, over MQTT"), NULL },
    { "topic", 0, 0, G_OPTION_ARG_STRING, &options->topic, N_ ("Publish to this topic"),
      N_ ("TOPIC") },
    { "payload", 0, 0, G_OPTION_ARG_STRING, &options->payload, N_ ("What to publish"),
      N_ ("TEXT") },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options->profile,
      N_ ("Test it as for a consumer, one of “profile list”"), N_ ("PROFILE") },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &options->timeout,
      N_ ("How long to wait for each answer; without, 10 seconds"), N_ ("SECONDS") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, N_ ("Print JSON, for programs"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->words, NULL, NULL },
    { NULL }
  };

  return cw_command_parse (self, argv, entries, error);
}

static gboolean
check_options (const Options *options, GError **error)
{
  const guint n_words = options->words ? g_strv_length (options->words) : 0;
  const gboolean files = options->key || options->cert || options->ca;

  if (n_words == 0)
    return cw_command_misused (error, _ ("Give the address to test, as in "
                                         "https://api.example.com/."));
  if (n_words > 2 || (files && n_words > 1))
    return cw_command_misused (
        error, _ ("“%s” is too much. Leave it out, or put quotes around what belongs together."),
        options->words[files ? 1 : 2]);
  if (options->keep && (files || options->no_verify || options->profile))
    return cw_command_misused (error, _ ("--keep is for an entry as it is: leave out %s."),
                               files                ? "--key, --cert, --ca"
                               : options->no_verify ? "--no-verify"
                                                    : "--profile");
  if (options->timeout < 1 || options->timeout > MAX_TIMEOUT)
    return cw_command_misused (error, _ ("--timeout takes a number of seconds from 1 to %d."),
                               MAX_TIMEOUT);
  /* MQTT 4.7: one that has these is for subscribing. */
  if (options->topic && strpbrk (options->topic, "+#"))
    return cw_command_misused (error, _ ("Nothing can be published to a topic with “+” or “#”."));
  if (options->payload && !options->topic && !options->publish)
    return cw_command_misused (error, _ ("--payload needs a --topic to be published to."));
  return TRUE;
}

static gboolean
check_destination (const Options *options, GError **error)
{
  const CwDestination to = { .path = options->save_server_ca, .force = options->force };

  if (options->force && !options->save_server_ca)
    return cw_command_misused (error, _ ("--force is for --save-server-ca."));
  if (options->save_server_ca && cw_destination_is_stdout (&to))
    return cw_command_misused (error, _ ("--save-server-ca takes a file."));
  return !options->save_server_ca || cw_destination_check (&to, error);
}

/* Where a scheme is written nobody looks for an entry of that name. */
static gboolean
find_identity (Subject *self, char **words, gboolean keep, GError **error)
{
  const char *first = words[0];

  if (!words[1] && !keep && strstr (first, "://"))
    return TRUE;
  if (!(self->store = cw_session_open_store (FALSE, error)))
    return FALSE;
  self->identity = cw_session_find_identity (self->store, first, words[1] || keep ? error : NULL);
  return self->identity || !(words[1] || keep);
}

static gboolean
take_identity (Subject *self, GError **error)
{
  CwChain *chain = cw_identity_require_chain (self->identity, error);
  g_autofree char *title = cw_identity_get_title (self->identity);

  if (!chain)
    return FALSE;
  if (!self->address && !(self->address = cw_identity_get_address (self->identity)))
    return cw_command_misused (error,
                               _ ("Where “%s” is used is not known yet. Give the address "
                                  "after it, as in https://api.example.com/."),
                               title);
  if (!(self->key = cw_session_lookup_key (self->identity, error)))
    return FALSE;

  self->chain = g_object_ref (chain);
  self->choice = cw_identity_get_server_cas (self->identity);
  self->file_cas = g_strdup (cw_identity_get_server_cas_pem (self->identity));
  self->verify = cw_identity_get_verify_server (self->identity);
  return TRUE;
}

static gboolean
take_key (Subject *self, GError **error)
{
  CwReply *reply = self->intake->reply;
  CwCertificate *leaf = self->intake->chain ? cw_chain_get_leaf (self->intake->chain) : NULL;
  CwKey *key = leaf ? cw_reply_find_key (reply, cw_certificate_get_key_fingerprint (leaf)) : NULL;

  if (!key)
    key = cw_reply_find_any_key (reply); /* another's: the test says so */
  if (!leaf)
    return cw_command_misused (error, _ ("There is no certificate in these files: give --cert."));
  if (!key)
    return cw_command_misused (error, _ ("There is no private key in these files: give --key."));
  self->chain = g_object_ref (self->intake->chain);
  return (self->key = cw_key_to_pem (key, error)) != NULL;
}

static gboolean
take_files (Subject *self, const Options *options, GError **error)
{
  const char *files[] = { options->key, options->cert, options->ca };
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (files[i])
      g_ptr_array_add (names, (char *) files[i]);
  g_ptr_array_add (names, NULL);

  self->intake =
      cw_intake_new ((char **) names->pdata, &options->passphrase, !options->json, error);
  if (!self->intake)
    return FALSE;
  if (cw_intake_is_unreadable (self->intake))
    {
      cw_reply_text_print_unread (stderr, self->intake);
      cw_reply_text_print_locked (self->intake);
      g_set_error_literal (error, CW_ERROR, CW_ERROR_UNREADABLE,
                           _ ("Some of it cannot be read. Nothing was tested."));
      return FALSE;
    }
  cw_intake_assign_roles (self->intake, NULL, NULL);
  return take_key (self, error);
}

/* What was chosen for an identity may be gone. */
static gboolean
check_cas (Subject *self, GError **error)
{
  g_autoptr (GError) missing = NULL;
  g_autofree char *pem =
      self->identity ? cw_identity_dup_server_cas_pem (self->identity, &missing) : NULL;

  if (pem || !missing)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&missing));
  return FALSE;
}

static gboolean
choose_cas (Subject *self, const char *choice, GError **error)
{
  if (self->chain)
    self->reply_cas = cw_chain_cas_to_pem (self->chain);
  if (!choice)
    return check_cas (self, error);

  self->choice = g_str_equal (choice, "system")  ? CW_SERVER_CAS_SYSTEM
                 : g_str_equal (choice, "reply") ? CW_SERVER_CAS_REPLY
                                                 : CW_SERVER_CAS_FILE;
  if (self->choice == CW_SERVER_CAS_REPLY && !self->reply_cas)
    return cw_command_misused (error, _ ("No root certificate came with the certificate, so "
                                         "--server-cas has to be “system” or a file."));
  if (self->choice != CW_SERVER_CAS_FILE)
    return TRUE;
  g_clear_pointer (&self->file_cas, g_free);
  return (self->file_cas = cw_session_read_cas (choice, error)) != NULL;
}

static gboolean
find_profile (Subject *self, const char *id, GError **error)
{
  if (!id && self->identity)
    id = cw_identity_get_profile_id (self->identity);
  return !id || (self->profile = cw_session_find_profile (id, error));
}

/* What is typed wins over what the profile says. */
static gboolean
choose_message (Subject *self, const Options *options, GError **error)
{
  if (options->publish && self->profile)
    {
      self->topic = cw_profile_get_test_topic (self->profile);
      self->payload = cw_profile_get_test_payload (self->profile);
    }
  if (options->topic)
    self->topic = options->topic;
  if (options->payload)
    self->payload = options->payload;
  return !options->publish || self->topic
             ? TRUE
             : cw_command_misused (error, _ ("No profile names what --publish is to send: give "
                                             "--profile, or --topic and --payload."));
}

/* Without a scheme it is the consumer's usual one. */
static CwEndpoint *
parse_address (const Subject *self, const char *address, GError **error)
{
  CwScheme scheme = CW_SCHEME_HTTPS;

  if (self->profile)
    cw_scheme_from_name (cw_profile_get_test_schemes (self->profile)[0], &scheme);
  return cw_endpoint_new (address, scheme, error);
}

static gboolean
find_endpoint (Subject *self, GError **error)
{
  self->endpoint = parse_address (self, self->address, error);
  if (!self->endpoint)
    return FALSE;
  return !self->topic || cw_endpoint_get_scheme (self->endpoint) == CW_SCHEME_MQTTS
             ? TRUE
             : cw_command_misused (error,
                                   _ ("--publish and --topic are for addresses with mqtts://."));
}

static gboolean
take_subject (Subject *self, const Options *options, GError **error)
{
  const gboolean files = options->key || options->cert || options->ca;

  self->verify = TRUE;
  if (!files && !find_identity (self, options->words, options->keep, error))
    return FALSE;
  self->address = options->words[self->identity ? 1 : 0];
  if ((files && !take_files (self, options, error)) ||
      (self->identity && !take_identity (self, error)) ||
      !find_profile (self, options->profile, error) || !choose_message (self, options, error) ||
      !choose_cas (self, options->server_cas, error))
    return FALSE;

  self->verify = self->verify && !options->no_verify;
  return find_endpoint (self, error);
}

static void
progress_cb (const char *doing, gpointer user_data)
{
  cw_terminal_print (stderr, 0, doing);
}

static CwConnectionResult *
run (const Subject *self, const Options *options, GError **error)
{
  const CwConnectionTestInput input = {
    .endpoint = self->endpoint,
    .key = self->key,
    .chain = self->chain,
    .server_cas = self->choice == CW_SERVER_CAS_REPLY  ? self->reply_cas
                  : self->choice == CW_SERVER_CAS_FILE ? self->file_cas
                                                       : NULL,
    .cas_beside_system = self->profile && cw_profile_get_cas_beside_system (self->profile),
    .reply_cas = self->reply_cas,
    .file_cas = self->file_cas,
    .verify_server = self->verify,
    .topic = self->topic,
    .payload = self->payload,
  };
  const gboolean tell = !options->json && isatty (STDERR_FILENO);
  g_auto (CwWait) wait = { NULL };

  cw_connection_test_set_limit ((guint) options->timeout * 1000);
  cw_connection_test_async (&input, tell ? progress_cb : NULL, NULL, NULL, cw_wait_cb, &wait);
  return cw_connection_test_finish (cw_wait_for (&wait), error);
}

static gboolean
is_its_address (const Subject *self)
{
  const char *text = cw_identity_get_address (self->identity);
  g_autoptr (CwEndpoint) own = text ? parse_address (self, text, NULL) : NULL;

  return own && g_str_equal (cw_endpoint_to_string (own), cw_endpoint_to_string (self->endpoint));
}

/* Whether the entry's own choices were tested: its address, if it has one, its CAs and consumer. */
static gboolean
is_as_stored (const Subject *self, const Options *options)
{
  return !options->server_cas && !options->no_verify && !options->profile && !options->publish &&
         !options->topic && !options->payload &&
         (!cw_identity_get_address (self->identity) || is_its_address (self));
}

static void
keep_choices (const Subject *self, const Options *options)
{
  cw_identity_set_address (self->identity, cw_endpoint_to_string (self->endpoint));
  if (!options->server_cas)
    return;
  if (self->choice == CW_SERVER_CAS_FILE)
    cw_identity_set_server_cas_pem (self->identity, self->file_cas);
  cw_identity_set_server_cas (self->identity, self->choice);
}

static gboolean
save_result (const Subject *self, CwConnectionResult *result, GError **error)
{
  CwFinding *verdict = cw_connection_result_get_verdict (result);
  g_auto (CwWait) wait = { NULL };

  if (!cw_identity_get_address (self->identity))
    cw_identity_set_address (self->identity, cw_endpoint_to_string (self->endpoint));
  cw_identity_set_test (self->identity, cw_finding_get_id (verdict),
                        cw_finding_get_severity (verdict), cw_connection_result_get_time (result));
  cw_store_save_async (self->store, self->identity, NULL, cw_wait_cb, &wait);
  return cw_store_save_finish (self->store, cw_wait_for (&wait), error);
}

/* --keep: what did not work is no choice. */
static gboolean
keep_all (const Subject *self, const Options *options, CwConnectionResult *result, GError **error)
{
  g_autofree char *title = cw_identity_get_title (self->identity);
  g_autofree char *text = NULL;

  if (!cw_connection_result_works (result))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
                   _ ("Nothing new is kept with “%s”, since the test did not show that it works. "
                      "Its address and its CAs are as they were."),
                   title);
      return FALSE;
    }

  keep_choices (self, options);
  if (!save_result (self, result, error))
    return FALSE;
  text = g_strdup_printf (_ ("The address and the choice of CAs are kept with “%s”."), title);
  cw_terminal_print (stderr, 0, text);
  return TRUE;
}

static gboolean
keep (const Subject *self, const Options *options, CwConnectionResult *result, GError **error)
{
  const gboolean as_stored = self->identity && is_as_stored (self, options);

  if (!self->identity)
    return TRUE;
  /* Where nothing was reached, nobody would want that. */
  if (!as_stored && !options->keep && cw_connection_result_find (result, "reached"))
    cw_terminal_print (stderr, 0,
                       _ ("certwright-cli: The result is not kept, since it is for something "
                          "else than what is chosen for this certificate. With --keep an address "
                          "and CAs that work are chosen for it."));
  /* Without an address any is as stored; with --keep only one that works becomes it. */
  if (as_stored && (!options->keep || cw_identity_get_address (self->identity)) &&
      !save_result (self, result, error))
    return FALSE;
  return !options->keep || keep_all (self, options, result, error);
}

/* Never in place of the person: to be compared, then given to --server-cas. */
static gboolean
save_server_ca (const Options *options, CwConnectionResult *result, GError **error)
{
  const CwDestination to = { .path = options->save_server_ca, .force = options->force };
  CwCertificate *ca = cw_connection_result_get_offered_ca (result);

  if (!options->save_server_ca)
    return TRUE;
  if (ca)
    return cw_destination_write_text (&to, cw_certificate_to_pem (ca), error);
  g_set_error_literal (error, CW_ERROR, CW_ERROR_FAILED,
                       _ ("No CA was saved: the server is verified, or did not present one with "
                          "which it would be. Ask the server’s owner for it."));
  return FALSE;
}

/* A name that was mistyped is looked for among hosts. */
static void
hint_at_entry (const Subject *self, CwConnectionResult *result)
{
  const char *verdict = cw_finding_get_id (cw_connection_result_get_verdict (result));
  g_autofree char *text = NULL;

  if (!self->store || self->identity || strpbrk (self->address, ".:/[") ||
      !(g_str_equal (verdict, "name-unknown") || g_str_equal (verdict, "name-failed")))
    return;
  text = g_strdup_printf (_ ("certwright-cli: There is no certificate “%s” either: it is neither "
                             "an id, nor the beginning of one, nor a name. “certwright-cli list” "
                             "shows them all."),
                          self->address);
  cw_terminal_print (stderr, 0, text);
}

static void
print (const Subject *self, const Options *options, CwConnectionResult *result, const char *saved)
{
  /* With these --keep is refused. */
  const gboolean keep = self->identity && !options->no_verify && !options->profile;

  if (options->json)
    {
      cw_test_output_print_json (result);
      return;
    }
  cw_test_output_print_text (stdout, result);
  cw_test_output_print_offer (stdout, result, saved, keep);
  fflush (stdout); /* what else there is to say comes after it */
}

static CwStatus
end (const Subject *subject, const Options *options, CwConnectionResult *result)
{
  const CwSeverity severity = cw_finding_get_severity (cw_connection_result_get_verdict (result));
  g_autoptr (GError) unsaved = NULL;
  g_autoptr (GError) error = NULL;
  const gboolean saved = save_server_ca (options, result, &unsaved);

  print (subject, options, result, saved ? options->save_server_ca : NULL);
  hint_at_entry (subject, result);
  if (!saved)
    cw_command_fail (unsaved);
  if (!keep (subject, options, result, &error))
    return cw_command_fail (error);
  if (!saved)
    return CW_STATUS_PROBLEM;
  return severity == CW_SEVERITY_PROBLEM ? CW_STATUS_PROBLEM : CW_STATUS_FINE;
}

static CwStatus
run_test (const CwCommand *self, char **argv)
{
  g_auto (Options)
      options = { .timeout = CW_CONNECTION_TEST_LIMIT, .passphrase = CW_PASSPHRASE_SOURCE_INIT };
  g_auto (Subject) subject = { NULL };
  g_autoptr (CwConnectionResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (!parse (self, argv, &options, &error) || !check_options (&options, &error) ||
      !check_destination (&options, &error) || !take_subject (&subject, &options, &error) ||
      !(result = run (&subject, &options, &error)))
    return cw_command_fail (error);
  return end (&subject, &options, result);
}

const CwCommand cw_test_command = {
  .name = "test",
  .arguments = N_ ("[ID] ADDRESS"),
  .summary = N_ ("Connects to a server as the consumer will, and says whether it works."),
  .run = run_test,
};
