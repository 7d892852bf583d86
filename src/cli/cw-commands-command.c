/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-identity-recipe.h"
#include "cw-session.h"
#include "cw-text.h"

typedef struct
{
  char *part;
  char *address;
  char *server_cas;
  char **names;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->part, g_free);
  g_clear_pointer (&options->address, g_free);
  g_clear_pointer (&options->server_cas, g_free);
  g_clear_pointer (&options->names, g_strfreev);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (const CwCommand *self, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "for", 0, 0, G_OPTION_ARG_STRING, &options->part,
      N_ ("Only for this: request, self-sign, sign, verify, test or convert"), N_ ("PART") },
    { "address", 0, 0, G_OPTION_ARG_STRING, &options->address,
      N_ ("The address to test the connection with"), N_ ("URL") },
    { "server-cas", 0, 0, G_OPTION_ARG_FILENAME, &options->server_cas,
      N_ ("Which CAs the server’s certificate may come from, beside the system’s: “system” for "
          "no others, “reply” for those above the certificate, or a file"),
      N_ ("CHOICE") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->names, NULL, NULL },
    { NULL }
  };

  if (!cw_command_parse (self, argv, entries, error))
    return FALSE;
  if (!options->names || options->names[1])
    return cw_command_misused (error, _ ("Name one certificate, by its id or its name."));
  return TRUE;
}

static gboolean
find_part (const Options *options, CwIdentity *identity, CwRecipePart *part, GError **error)
{
  g_autofree char *title = cw_identity_get_title (identity);

  if (!cw_recipe_part_from_id (options->part, part))
    return cw_command_misused (error,
                               _ ("“%s” is nothing for --for; there are request, self-sign, sign, "
                                  "verify, test and convert."),
                               options->part);
  if (!cw_identity_has_recipe (identity, *part))
    return cw_command_misused (error, _ ("There are no commands of “%s” for --for “%s”."), title,
                               options->part);
  return TRUE;
}

static CwRecipe *
create (
    CwStore *store, CwIdentity *identity, const Options *options, CwRecipePart part, GError **error)
{
  const char *authority_id = cw_identity_get_authority_id (identity);
  CwIdentity *authority = authority_id ? cw_store_find (store, authority_id) : NULL;
  const char *profile_id = cw_identity_get_profile_id (identity);
  /* Without it there is an example in the place of what it would say. */
  g_autoptr (CwProfile) profile = profile_id ? cw_session_find_profile (profile_id, NULL) : NULL;
  g_autoptr (GError) cause = NULL;
  CwRecipe *recipe = cw_identity_create_recipe (identity, authority, profile, options->address,
                                                options->server_cas, part, &cause);

  if (!recipe && options->address && part == CW_RECIPE_TEST)
    cw_command_misused (error, _ ("“%s” cannot be used for --address: %s"), options->address,
                        cause->message);
  else if (!recipe)
    g_propagate_error (error, g_steal_pointer (&cause));
  return recipe;
}

/* Not all parts at once: they are for other moments, and some are alternatives. */
static void
print_heading (CwIdentity *identity, const CwRecipe *recipe, CwRecipePart part)
{
  g_autoptr (GString) others = g_string_new (NULL);

  for (guint i = 0; i < CW_N_RECIPE_PARTS; i++)
    if (i != part && cw_identity_has_recipe (identity, i))
      cw_text_append_item (others, cw_recipe_part_get_id (i));
  printf ("### %s (--for %s)\n", recipe->title, cw_recipe_part_get_id (part));
  if (others->len > 0)
    {
      g_autofree char *text = g_strdup_printf (_ ("Other parts, with --for: %s"), others->str);

      printf ("### %s\n", text);
    }
  fputc ('\n', stdout);
}

/* As it is, and nothing wrapped: a shell is to read it. */
static gboolean
print_part (
    CwStore *store, CwIdentity *identity, const Options *options, CwRecipePart part, GError **error)
{
  g_autoptr (CwRecipe) recipe = create (store, identity, options, part, error);
  g_autofree char *script = recipe ? cw_recipe_to_script (recipe) : NULL;

  if (!recipe)
    return FALSE;
  if (!options->part)
    print_heading (identity, recipe, part);
  fputs (script, stdout);
  return TRUE;
}

static CwStatus
run_commands (const CwCommand *self, char **argv)
{
  g_auto (Options) options = { NULL };
  g_autoptr (CwOpenStore) store = NULL;
  g_autoptr (GError) error = NULL;
  CwIdentity *identity;
  CwRecipePart part;

  if (!parse (self, argv, &options, &error) || !(store = cw_session_open_store (FALSE, &error)) ||
      !(identity = cw_session_find_identity (store, options.names[0], &error)) ||
      (options.part && !find_part (&options, identity, &part, &error)))
    return cw_command_fail (error);

  if (!options.part)
    part = cw_identity_get_first_recipe (identity);
  if (!print_part (store, identity, &options, part, &error))
    return cw_command_fail (error);
  return CW_STATUS_FINE;
}

const CwCommand cw_commands_command = {
  .name = "commands",
  .arguments = N_ ("ID"),
  .summary = N_ ("Prints the openssl commands that do the same by hand."),
  .run = run_commands,
};
