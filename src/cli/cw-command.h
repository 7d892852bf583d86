/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CwStatus:
 * @CW_STATUS_FINE: done, and nothing stands against it
 * @CW_STATUS_PROBLEM: something that was found will make it fail, or it could not be done
 * @CW_STATUS_USAGE: the command was used wrongly; nothing was done
 * @CW_STATUS_UNREADABLE: what was given cannot be read, or is still locked
 *
 * How certwright-cli ends; the manual promises these numbers.
 */
typedef enum
{
  CW_STATUS_FINE = 0,
  CW_STATUS_PROBLEM = 1,
  CW_STATUS_USAGE = 2,
  CW_STATUS_UNREADABLE = 3,
} CwStatus;

/**
 * CwCommand:
 * @name: as it is typed
 * @arguments: (translated on use with _()) (nullable): what follows the options
 * @summary: (translated on use with _()): what it does, in one sentence
 * @run: does it; owns nothing of @argv, whose first element is @name
 *
 * One command of certwright-cli.
 */
typedef struct _CwCommand CwCommand;

struct _CwCommand
{
  const char *name;
  const char *arguments;
  const char *summary;
  CwStatus (*run) (const CwCommand *self, char **argv);
};

extern const CwCommand cw_ca_command;
extern const CwCommand cw_commands_command;
extern const CwCommand cw_delete_command;
extern const CwCommand cw_export_command;
extern const CwCommand cw_import_command;
extern const CwCommand cw_inspect_command;
extern const CwCommand cw_list_command;
extern const CwCommand cw_output_command;
extern const CwCommand cw_profile_command;
extern const CwCommand cw_request_command;
extern const CwCommand cw_self_sign_command;
extern const CwCommand cw_test_command;

/**
 * cw_command_parse:
 * @argv: as the command was given it
 * @entries: its options; what they point to is set
 * @error: #GOptionError, which cw_command_fail() takes for wrong use
 *
 * Reads the options. "--help" prints the help and ends the process.
 */
gboolean
cw_command_parse (const CwCommand *self, char **argv, const GOptionEntry *entries, GError **error);

/**
 * cw_command_misused:
 *
 * Sets @error so that cw_command_fail() takes it for wrong use. @format should
 * name the option.
 *
 * Returns: always %FALSE
 */
gboolean cw_command_misused (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * cw_command_fail:
 *
 * Says on standard error what went wrong.
 *
 * Returns: the status to end with
 */
CwStatus cw_command_fail (const GError *error);

G_END_DECLS
