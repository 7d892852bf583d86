/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-destination.h"
#include "cw-error.h"
#include "cw-export.h"
#include "cw-passphrase.h"
#include "cw-reply.h"
#include "cw-session.h"

typedef struct
{
  char *format;
  char *to;
  gboolean with_root;
  gboolean force;
  char **names;
  CwPassphraseSource passphrase;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->format, g_free);
  g_clear_pointer (&options->to, g_free);
  g_clear_pointer (&options->names, g_strfreev);
  cw_passphrase_source_clear (&options->passphrase);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What a format needs, and how it is made. */
typedef struct
{
  const char *name;
  gboolean secret;    /* it holds the private key */
  gboolean protected; /* with a passphrase */
  gboolean binary;
  GBytes *(*write) (CwIdentity *identity,
                    CwSecret *key,
                    CwSecret *passphrase,
                    gboolean with_root,
                    GError **error);
} Format;

static gboolean
parse (const CwCommand *self, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &options->format,
      N_ ("pkcs12 (without this option), encrypted-key, pem, chain or request"), N_ ("FORMAT") },
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &options->to,
      N_ ("Write to a file; “-” is standard output"), N_ ("FILE") },
    { "with-root", 0, 0, G_OPTION_ARG_NONE, &options->with_root,
      N_ ("Write the CA’s root certificate too"), NULL },
    CW_PASSPHRASE_ENTRIES (options->passphrase),
    { "force", 0, 0, G_OPTION_ARG_NONE, &options->force, N_ ("Replace that file if it exists"),
      NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->names, NULL, NULL },
    { NULL }
  };

  if (!cw_command_parse (self, argv, entries, error))
    return FALSE;
  if (!options->names || options->names[1])
    return cw_command_misused (error, _ ("Name one certificate, by its id or its name."));
  if (!options->to)
    return cw_command_misused (error, _ ("Say where to write it: give --to."));
  return TRUE;
}

static CwChain *
get_chain (CwIdentity *identity, GError **error)
{
  CwChain *chain = cw_identity_get_chain (identity);
  g_autofree char *title = cw_identity_get_title (identity);

  if (!chain)
    g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
                 _ ("“%s” has no certificate yet. Import what the CA sent first."), title);
  return chain;
}

static GBytes *
take_text (char *text)
{
  return g_bytes_new_take (text, strlen (text));
}

static GBytes *
write_pkcs12 (
    CwIdentity *identity, CwSecret *key, CwSecret *passphrase, gboolean with_root, GError **error)
{
  CwChain *chain = get_chain (identity, error);
  g_autofree char *title = cw_identity_get_title (identity);

  return chain ? cw_export_pkcs12 (key, chain, with_root, title, passphrase, error) : NULL;
}

static GBytes *
write_encrypted_key (
    CwIdentity *identity, CwSecret *key, CwSecret *passphrase, gboolean with_root, GError **error)
{
  g_autoptr (CwSecret) text = cw_export_encrypted_key (key, passphrase, error);

  return text ? cw_secret_to_bytes (text) : NULL;
}

static GBytes *
write_pem (
    CwIdentity *identity, CwSecret *key, CwSecret *passphrase, gboolean with_root, GError **error)
{
  CwChain *chain = get_chain (identity, error);
  g_autoptr (CwSecret) text = chain ? cw_export_pem (key, chain, with_root, error) : NULL;

  return text ? cw_secret_to_bytes (text) : NULL;
}

static void
set_not_read_back (GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_MISMATCH,
                       _ ("What was written does not read back as what went in, so it was not "
                          "exported. Report it."));
}

static GBytes *
write_chain (
    CwIdentity *identity, CwSecret *key, CwSecret *passphrase, gboolean with_root, GError **error)
{
  CwChain *chain = get_chain (identity, error);
  char *pem = chain ? cw_export_chain (chain, with_root, error) : NULL;

  return pem ? take_text (pem) : NULL;
}

static gboolean
is_request (const char *pem, GBytes *csr)
{
  g_autoptr (CwReply) reply = cw_reply_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (pem, strlen (pem));
  g_autoptr (CwReplyItem) item = NULL;

  cw_reply_add_bytes (reply, bytes, "");
  item = g_list_model_get_item (G_LIST_MODEL (reply), 0);
  return item && cw_reply_item_get_request (item) &&
         g_bytes_equal (cw_reply_item_get_request (item), csr);
}

static GBytes *
write_request (
    CwIdentity *identity, CwSecret *key, CwSecret *passphrase, gboolean with_root, GError **error)
{
  GBytes *csr = cw_identity_get_csr (identity);
  g_autofree char *pem = csr ? cw_csr_to_pem (csr) : NULL;
  g_autofree char *title = cw_identity_get_title (identity);

  if (pem && is_request (pem, csr))
    return take_text (g_steal_pointer (&pem));
  if (csr)
    set_not_read_back (error);
  else
    g_set_error (error, CW_ERROR, CW_ERROR_FAILED, _ ("No request has been made for “%s”."), title);
  return NULL;
}

static const Format formats[] = {
  { "pkcs12", TRUE, TRUE, TRUE, write_pkcs12 },
  { "encrypted-key", TRUE, TRUE, FALSE, write_encrypted_key },
  { "pem", TRUE, FALSE, FALSE, write_pem },
  { "chain", FALSE, FALSE, FALSE, write_chain },
  { "request", FALSE, FALSE, FALSE, write_request },
};

static const Format *
find_format (const char *name, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (!name || g_str_equal (formats[i].name, name))
      return &formats[i];
  cw_command_misused (error,
                      _ ("“%s” is no --format; there are pkcs12, encrypted-key, pem, chain and "
                         "request."),
                      name);
  return NULL;
}

static gboolean
check_passphrase (const CwPassphraseSource *source, const Format *format, GError **error)
{
  if (format->protected || (!source->file && source->fd == -1))
    return TRUE;
  return cw_command_misused (error,
                             /* Translators: a format, then an option */
                             _ ("The format %s is not encrypted; leave out %s."), format->name,
                             source->file ? "--passphrase-file" : "--passphrase-fd");
}

static gboolean
check_destination (const CwDestination *to, const Format *format, GError **error)
{
  if (format->binary && cw_destination_is_stdout (to) && isatty (STDOUT_FILENO))
    return cw_command_misused (error, _ ("This format is not for a terminal; give --to a file."));
  return cw_destination_check (to, error);
}

static GBytes *export(CwIdentity *identity,
                      const Format *format,
                      const Options *options,
                      GError **error)
{
  g_autoptr (CwSecret) passphrase = NULL;
  g_autoptr (CwSecret) key = NULL;

  if (format->protected && !(passphrase = cw_passphrase_choose (&options->passphrase, error)))
    return NULL;
  if (format->secret && !(key = cw_session_lookup_key (identity, error)))
    return NULL;
  return format->write (identity, key, passphrase, options->with_root, error);
}

static CwStatus
run_export (const CwCommand *self, char **argv)
{
  g_auto (Options) options = { .passphrase = CW_PASSPHRASE_SOURCE_INIT };
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  const Format *format;
  CwDestination to = { NULL };
  CwIdentity *identity;

  if (!parse (self, argv, &options, &error) || !(format = find_format (options.format, &error)) ||
      !check_passphrase (&options.passphrase, format, &error) ||
      !(store = cw_session_open_store (FALSE, &error)) ||
      !(identity = cw_session_find_identity (store, options.names[0], &error)))
    return cw_command_fail (error);
  to = (CwDestination){ .path = options.to, .force = options.force, .secret = format->secret };
  if (!check_destination (&to, format, &error) ||
      !(bytes = export(identity, format, &options, &error)) ||
      !cw_destination_write (&to, bytes, &error))
    return cw_command_fail (error);
  return CW_STATUS_FINE;
}

const CwCommand cw_export_command = {
  .name = "export",
  .arguments = N_ ("ID"),
  .summary = N_ ("Writes key and certificates to a file for another program."),
  .run = run_export,
};
