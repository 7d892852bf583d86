/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-error.h"
#include "cw-terminal.h"

gboolean
cw_command_parse (const CwCommand *self, char **argv, const GOptionEntry *entries, GError **error)
{
  g_autoptr (GOptionContext) context = NULL;
  g_autofree char *program = NULL;
  g_auto (GStrv) arguments = g_strdupv (argv);
  g_autoptr (GError) cause = NULL;

  context = g_option_context_new (self->arguments ? _ (self->arguments) : NULL);
  program = g_strdup_printf ("certwright-cli %s", self->name);
  g_set_prgname (program); /* for the help */
  g_option_context_set_summary (context, _ (self->summary));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (g_option_context_parse_strv (context, &arguments, &cause))
    {
      if (g_strv_length (arguments) <= 1)
        return TRUE;
      /* Translators: what was typed and is not expected */
      return cw_command_misused (
          error, _ ("“%s” is too much. Leave it out, or put quotes around what belongs together."),
          arguments[1]);
    }

  /* Translators: GLib's words, as in "Unknown option --jason" */
  return cw_command_misused (error, _ ("%s."), cause->message);
}

gboolean
cw_command_misused (GError **error, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               /* Translators: what was wrong, then how to learn what is right */
               _ ("%s See “%s --help”."), text, g_get_prgname ());
  return FALSE;
}

static CwStatus
status_for (const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    return CW_STATUS_USAGE;
  if (error->domain != CW_ERROR)
    return CW_STATUS_PROBLEM;

  switch ((CwErrorCode) error->code)
    {
    case CW_ERROR_UNREADABLE:
    case CW_ERROR_UNSUPPORTED:
    case CW_ERROR_TOO_LARGE:
    case CW_ERROR_NOT_A_FILE:
    case CW_ERROR_EMPTY:
    case CW_ERROR_PASSPHRASE_NEEDED:
    case CW_ERROR_PASSPHRASE_WRONG:
      return CW_STATUS_UNREADABLE;
    case CW_ERROR_FAILED:
    case CW_ERROR_INVALID:
    case CW_ERROR_MISMATCH:
    case CW_ERROR_PROFILE:
      break;
    }
  return CW_STATUS_PROBLEM;
}

CwStatus
cw_command_fail (const GError *error)
{
  g_autofree char *text = g_strdup_printf ("certwright-cli: %s", error->message);

  fflush (stdout);
  cw_terminal_print (stderr, 0, text);
  return status_for (error);
}
