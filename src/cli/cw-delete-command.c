/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-session.h"
#include "cw-terminal.h"

static gboolean
confirm (CwIdentity *identity)
{
  g_autofree char *title = cw_identity_get_title (identity);
  g_autofree char *question = g_strdup_printf (_ ("Delete “%s”?"), title);

  cw_terminal_print (stderr, 0, cw_enrolment_explain_deletion (identity));
  return cw_terminal_confirm (question);
}

static gboolean delete (CwStore *store, CwIdentity *identity, GError **error)
{
  g_auto (CwWait) wait = { NULL };

  cw_enrolment_delete_async (store, identity, NULL, cw_wait_cb, &wait);
  return cw_enrolment_delete_finish (store, cw_wait_for (&wait), error);
}

static CwStatus
run_delete (const CwCommand *self, char **argv)
{
  gboolean yes = FALSE;
  g_auto (GStrv) names = NULL;
  const GOptionEntry entries[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_ ("Do not ask"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, NULL },
    { NULL }
  };
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GError) error = NULL;
  CwIdentity *identity;

  if (!cw_command_parse (self, argv, entries, &error))
    return cw_command_fail (error);
  if (!names || names[1])
    cw_command_misused (&error, _ ("Name one certificate, by its id or its name."));
  else if (!yes && !cw_terminal_can_ask ())
    cw_command_misused (&error, _ ("Nobody can be asked; give --yes to delete it all the same."));
  if (error || !(store = cw_session_open_store (FALSE, &error)) ||
      !(identity = cw_session_find_identity (store, names[0], &error)))
    return cw_command_fail (error);

  if (!yes && !confirm (identity))
    {
      cw_terminal_print (stderr, 0, _ ("Nothing was deleted."));
      return CW_STATUS_PROBLEM;
    }
  return delete (store, identity, &error) ? CW_STATUS_FINE : cw_command_fail (error);
}

const CwCommand cw_delete_command = {
  .name = "delete",
  .arguments = N_ ("ID"),
  .summary = N_ ("Deletes a certificate or request, with its private key."),
  .run = run_delete,
};
