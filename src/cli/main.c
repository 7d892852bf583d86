/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-start.h"
#include "cw-terminal.h"

/* In the order of a certificate's life. */
static const CwCommand *const commands[] = {
  &cw_inspect_command,  &cw_request_command, &cw_self_sign_command, &cw_list_command,
  &cw_import_command,   &cw_output_command,  &cw_test_command,      &cw_export_command,
  &cw_commands_command, &cw_ca_command,      &cw_delete_command,    &cw_profile_command,
};

static const CwCommand *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  return NULL;
}

static void
print_help (FILE *stream)
{
  cw_terminal_print (stream, 0, _ ("Usage: certwright-cli COMMAND [OPTION…]"));
  fputc ('\n', stream);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *line =
          g_strdup_printf ("%-9s %s", commands[i]->name, _ (commands[i]->summary));

      cw_terminal_print (stream, 2, line);
    }
  fputc ('\n', stream);
  cw_terminal_print (stream, 0,
                     _ ("“certwright-cli help COMMAND” explains one of them; "
                        "certwright-cli(1) all of them."));
}

static CwStatus
run_command (const char *name, char **argv)
{
  const CwCommand *command = find_command (name);
  g_autoptr (GError) error = NULL;

  if (command)
    return command->run (command, argv);
  cw_command_misused (&error, _ ("There is no command “%s”."), name);
  return cw_command_fail (error);
}

static CwStatus
run_help (char **names)
{
  if (!names[0])
    {
      print_help (stdout);
      return CW_STATUS_FINE;
    }
  return run_command (names[0], (char *[]){ names[0], (char *) "--help", NULL });
}

static CwStatus
run (char **argv)
{
  if (!argv[0])
    {
      print_help (stderr);
      return CW_STATUS_USAGE;
    }
  if (g_str_equal (argv[0], "--version"))
    {
      printf ("certwright-cli %s\n", PACKAGE_VERSION);
      return CW_STATUS_FINE;
    }
  if (g_str_equal (argv[0], "help") || g_str_equal (argv[0], "--help") ||
      g_str_equal (argv[0], "-h"))
    return run_help (argv + 1);
  return run_command (argv[0], argv);
}

int
main (int argc, char *argv[])
{
  CwStatus status;

  /* Only files of this computer are read: nothing of GIO's is to look for others on the bus. */
  g_setenv ("GIO_USE_VFS", "local", TRUE);
  cw_start ();
  g_set_prgname ("certwright-cli");

  status = run (argc > 0 ? argv + 1 : argv);

  /* A disk that is full, or nobody there to read it. */
  if (fflush (stdout) != 0 || ferror (stdout))
    {
      g_autofree char *text = g_strdup_printf (
          _ ("certwright-cli: Standard output cannot be written: %s."), g_strerror (errno));

      cw_terminal_print (stderr, 0, text);
      return status == CW_STATUS_FINE ? CW_STATUS_PROBLEM : status;
    }
  return status;
}
