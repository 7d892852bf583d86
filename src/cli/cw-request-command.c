/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-destination.h"
#include "cw-session.h"
#include "cw-terminal.h"
#include "cw-usage.h"

typedef struct
{
  char *common_name;
  char **subject;
  char **alt_names;
  char **usages;
  char *key_kind;
  char *profile;
  char *output;
  gboolean force;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->common_name, g_free);
  g_clear_pointer (&options->subject, g_strfreev);
  g_clear_pointer (&options->alt_names, g_strfreev);
  g_clear_pointer (&options->usages, g_strfreev);
  g_clear_pointer (&options->key_kind, g_free);
  g_clear_pointer (&options->profile, g_free);
  g_clear_pointer (&options->output, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (const CwCommand *self, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "common-name", 0, 0, G_OPTION_ARG_STRING, &options->common_name,
      N_ ("Who it is for: the subject’s common name"), N_ ("NAME") },
    { "subject", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->subject,
      N_ ("More of the subject, as in “O=Example”; in the order given"), N_ ("TYPE=VALUE") },
    { "alt-name", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->alt_names,
      N_ ("An alternative name: email, dns, ip, uri, upn or other"), N_ ("TYPE:VALUE") },
    { "usage", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->usages,
      N_ ("An extended key usage, in place of clientAuth"), N_ ("NAME|OID") },
    { "key-kind", 0, 0, G_OPTION_ARG_STRING, &options->key_kind,
      N_ ("The kind of key, as in “rsa-3072” or “ec-p256”"), N_ ("KIND") },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options->profile,
      N_ ("The consumer that it is for, as in “placeos”"), N_ ("PROFILE") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
      N_ ("Write the request to a file, not to standard output"), N_ ("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options->force, N_ ("Replace that file if it exists"),
      NULL },
    { NULL }
  };

  return cw_command_parse (self, argv, entries, error);
}

static gboolean
add_attribute (CwRequest *request, const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *type = g_strndup (text, equals ? (gsize) (equals - text) : 0);
  const CwAttributeType *known = cw_attribute_type_find (type);
  g_autoptr (GError) cause = NULL;

  if (!equals || equals == text)
    return cw_command_misused (error, _ ("“%s” is no TYPE=VALUE for --subject."), text);
  if (!cw_attribute_check (known ? known->id : type, equals + 1, &cause))
    return cw_command_misused (error, _ ("“%s” cannot be used for --subject: %s"), text,
                               cause->message);

  cw_subject_append (cw_request_get_subject (request), type, equals + 1);
  return TRUE;
}

static gboolean
add_common_name (CwRequest *request, const char *name, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (!name)
    return TRUE;
  if (!cw_attribute_check ("CN", name, &cause))
    return cw_command_misused (error, _ ("“%s” cannot be used for --common-name: %s"), name,
                               cause->message);

  cw_subject_append (cw_request_get_subject (request), "CN", name);
  return TRUE;
}

static gboolean
add_alt_name (CwRequest *request, const char *text, GError **error)
{
  const char *colon = strchr (text, ':');
  g_autofree char *type = g_strndup (text, colon ? (gsize) (colon - text) : 0);
  g_autoptr (CwAltName) name = NULL;
  g_autoptr (GError) cause = NULL;
  CwAltNameKind kind;

  if (!colon || !cw_alt_name_kind_from_id (type, &kind) || kind == CW_ALT_NAME_UNKNOWN)
    return cw_command_misused (error,
                               _ ("“%s” is no TYPE:VALUE for --alt-name; the types are email, dns, "
                                  "ip, uri, upn and other."),
                               text);

  name = cw_alt_name_new (kind, colon + 1);
  if (!cw_alt_name_check (name, &cause))
    return cw_command_misused (error, _ ("“%s” cannot be used for --alt-name: %s"), text,
                               cause->message);
  cw_request_add_alt_name (request, name);
  return TRUE;
}

static void
clear_usages (CwRequest *request)
{
  const char *const *usages;

  while ((usages = cw_request_get_usages (request)) && usages[0])
    {
      g_autofree char *usage = g_strdup (usages[0]);

      cw_request_set_usage (request, usage, FALSE);
    }
}

static gboolean
add_usage (CwRequest *request, const char *text, GError **error)
{
  const CwUsage *known = cw_usage_find (text);

  if (!known && !cw_oid_check (text, NULL))
    return cw_command_misused (error,
                               _ ("“%s” is no usage for --usage; it is a name, as in clientAuth, "
                                  "or an object identifier."),
                               text);
  cw_request_set_usage (request, known ? known->oid : text, TRUE);
  return TRUE;
}

static gboolean
takes_kind (CwProfile *profile, CwKeyKind kind)
{
  guint n_kinds;
  const CwKeyKind *kinds = cw_profile_get_key_kinds (profile, &n_kinds);

  for (guint i = 0; i < n_kinds; i++)
    if (kinds[i] == kind)
      return TRUE;
  return n_kinds == 0;
}

/* What the consumer wants, where nothing else is asked for. */
static void
apply_profile (CwRequest *request, CwProfile *profile)
{
  guint n_kinds;
  const CwKeyKind *kinds = cw_profile_get_key_kinds (profile, &n_kinds);
  const char *const *usages = cw_profile_get_usages (profile);

  if (n_kinds > 0)
    cw_request_set_key_kind (request, kinds[0]);
  if (!usages || !usages[0])
    return;
  clear_usages (request);
  for (guint i = 0; usages[i]; i++)
    cw_request_set_usage (request, usages[i], TRUE);
}

static gboolean
set_key_kind (CwRequest *request, const char *id, CwProfile *profile, GError **error)
{
  CwKeyKind kind;

  if (!id)
    return TRUE;
  if (!cw_key_kind_from_id (id, &kind))
    return cw_command_misused (error,
                               _ ("“%s” is no kind for --key-kind; there are rsa-2048, rsa-3072, "
                                  "rsa-4096, ec-p256, ec-p384, ec-p521 and ed25519."),
                               id);
  if (profile && !takes_kind (profile, kind))
    return cw_command_misused (error, _ ("%s does not take the --key-kind “%s”."),
                               cw_profile_get_short_name (profile), id);
  cw_request_set_key_kind (request, kind);
  return TRUE;
}

static gboolean
fill (CwRequest *request, const Options *options, CwProfile *profile, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (profile)
    apply_profile (request, profile);
  if (!set_key_kind (request, options->key_kind, profile, error) ||
      !add_common_name (request, options->common_name, error))
    return FALSE;
  for (guint i = 0; options->subject && options->subject[i]; i++)
    if (!add_attribute (request, options->subject[i], error))
      return FALSE;
  for (guint i = 0; options->alt_names && options->alt_names[i]; i++)
    if (!add_alt_name (request, options->alt_names[i], error))
      return FALSE;
  if (options->usages)
    clear_usages (request);
  for (guint i = 0; options->usages && options->usages[i]; i++)
    if (!add_usage (request, options->usages[i], error))
      return FALSE;

  if (cw_request_check (request, &cause))
    return TRUE;
  return cw_command_misused (error, _ ("It is not clear who it is for; give --common-name: %s"),
                             cause->message);
}

static CwIdentity *
create_identity (const Options *options, GError **error)
{
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  g_autoptr (CwProfile) profile = NULL;

  if (options->profile && !(profile = cw_session_find_profile (options->profile, error)))
    return NULL;
  if (profile)
    cw_identity_set_profile_id (identity, cw_profile_get_id (profile));
  if (!fill (cw_identity_get_request (identity), options, profile, error))
    return NULL;
  return g_steal_pointer (&identity);
}

/* A draft that did not become a request is of no use to somebody who types it all again. */
static void
take_back (CwStore *store, CwIdentity *identity)
{
  g_auto (CwWait) wait = { NULL };

  if (!cw_store_find (store, cw_identity_get_id (identity)))
    return;
  cw_enrolment_delete_async (store, identity, NULL, cw_wait_cb, &wait);
  cw_enrolment_delete_finish (store, cw_wait_for (&wait), NULL);
}

static gboolean
enrol (CwStore *store, CwIdentity *identity, GError **error)
{
  g_auto (CwWait) wait = { NULL };

  cw_enrolment_request_async (store, identity, NULL, NULL, NULL, cw_wait_cb, &wait);
  if (cw_enrolment_request_finish (store, cw_wait_for (&wait), error))
    return TRUE;
  take_back (store, identity);
  return FALSE;
}

static CwStatus
show (CwStore *store, CwIdentity *identity, const CwDestination *to)
{
  g_autofree char *id = cw_session_dup_short_id (store, identity);
  g_autofree char *title = cw_identity_get_title (identity);
  g_autofree char *pem = cw_csr_to_pem (cw_identity_get_csr (identity));
  const gsize length = strlen (pem);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&pem), length);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (cw_destination_write (to, bytes, &error))
    {
      text = g_strdup_printf (
          /* Translators: a name, then an id */
          _ ("The request for “%s” is made; its id is %s. Its private key is in the keyring. Send "
             "the request to the CA, and give what comes back to “certwright-cli import”."),
          title, id);
      cw_terminal_print (stderr, 0, text);
      return CW_STATUS_FINE;
    }

  cw_command_fail (error);
  text = g_strdup_printf (_ ("The request itself is made: “certwright-cli export %s --format "
                             "request --to FILE” writes it."),
                          id);
  cw_terminal_print (stderr, 0, text);
  return CW_STATUS_PROBLEM;
}

static CwStatus
run_request (const CwCommand *self, char **argv)
{
  g_auto (Options) options = { NULL };
  g_autoptr (CwIdentity) identity = NULL;
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GError) error = NULL;
  CwDestination to = { NULL };

  if (!parse (self, argv, &options, &error) || !(identity = create_identity (&options, &error)))
    return cw_command_fail (error);
  to = (CwDestination){ .path = options.output, .force = options.force };
  if (!cw_destination_check (&to, &error) || !(store = cw_session_open_store (TRUE, &error)) ||
      !enrol (store, identity, &error))
    return cw_command_fail (error);
  return show (store, identity, &to);
}

const CwCommand cw_request_command = {
  .name = "request",
  .arguments = NULL,
  .summary = N_ ("Makes a private key in the keyring, and prints the request to send to the CA."),
  .run = run_request,
};
