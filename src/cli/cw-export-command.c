/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-destination.h"
#include "cw-error.h"
#include "cw-export.h"
#include "cw-passphrase.h"
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

typedef struct
{
  const char *name;
  CwExportKind kind;
} Format;

static const Format formats[] = {
  { "pkcs12", CW_EXPORT_PKCS12 },   { "encrypted-key", CW_EXPORT_ENCRYPTED_KEY },
  { "pem", CW_EXPORT_PEM },         { "chain", CW_EXPORT_CHAIN },
  { "request", CW_EXPORT_REQUEST },
};

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
  if (cw_export_has_passphrase (format->kind) || (!source->file && source->fd == -1))
    return TRUE;
  return cw_command_misused (error,
                             /* Translators: a format, then an option */
                             _ ("The format %s is not encrypted; leave out %s."), format->name,
                             source->file ? "--passphrase-file" : "--passphrase-fd");
}

static gboolean
check_destination (const CwDestination *to, const Format *format, GError **error)
{
  if (format->kind == CW_EXPORT_PKCS12 && cw_destination_is_stdout (to) && isatty (STDOUT_FILENO))
    return cw_command_misused (error, _ ("This format is not for a terminal; give --to a file."));
  return cw_destination_check (to, error);
}

static GBytes *
require_request (CwIdentity *identity, GError **error)
{
  GBytes *csr = cw_identity_get_csr (identity);
  g_autofree char *title = cw_identity_get_title (identity);

  if (!csr)
    g_set_error (error, CW_ERROR, CW_ERROR_FAILED, _ ("No request has been made for “%s”."), title);
  return csr;
}

static GBytes *export(CwIdentity *identity,
                      CwExportKind kind,
                      const Options *options,
                      GError **error)
{
  g_autofree char *title = cw_identity_get_title (identity);
  g_autoptr (CwSecret) passphrase = NULL;
  g_autoptr (CwSecret) key = NULL;
  CwExportContent content = { .with_root = options->with_root, .name = title };

  if (cw_export_has_passphrase (kind) &&
      !(passphrase = cw_passphrase_choose (&options->passphrase, error)))
    return NULL;
  if (cw_export_has_key (kind) && !(key = cw_session_lookup_key (identity, error)))
    return NULL;
  if (cw_export_has_chain (kind) && !(content.chain = cw_identity_require_chain (identity, error)))
    return NULL;
  if (kind == CW_EXPORT_REQUEST && !(content.csr = require_request (identity, error)))
    return NULL;
  content.passphrase = passphrase;
  content.key = key;
  return cw_export (kind, &content, error);
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
  to = (CwDestination){ .path = options.to,
                        .force = options.force,
                        .secret = cw_export_has_key (format->kind) };
  if (!check_destination (&to, format, &error) ||
      !(bytes = export(identity, format->kind, &options, &error)) ||
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
