/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-chain.h"
#include "cw-request.h"

G_BEGIN_DECLS

/**
 * CwRecipePart:
 * @CW_RECIPE_REQUEST: key and request
 * @CW_RECIPE_SELF_SIGN: a certificate that the key itself signs
 * @CW_RECIPE_SIGN: a private CA, the request signed by it, its revocation list
 * @CW_RECIPE_VERIFY: whether what the CA sent is right
 * @CW_RECIPE_TEST: whether a server takes it
 * @CW_RECIPE_CONVERT: other forms of key and certificates
 *
 * What is done with a certificate, one after the other.
 */
typedef enum
{
  CW_RECIPE_REQUEST,
  CW_RECIPE_SELF_SIGN,
  CW_RECIPE_SIGN,
  CW_RECIPE_VERIFY,
  CW_RECIPE_TEST,
  CW_RECIPE_CONVERT,
} CwRecipePart;

#define CW_N_RECIPE_PARTS (CW_RECIPE_CONVERT + 1)

/**
 * cw_recipe_part_get_id:
 *
 * Returns: "request", "self-sign", "sign", "verify", "test", "convert"
 */
const char *cw_recipe_part_get_id (CwRecipePart part);
gboolean cw_recipe_part_from_id (const char *id, CwRecipePart *part);

/* Translated: "Make the Request" */
const char *cw_recipe_part_get_title (CwRecipePart part);

/**
 * CwRecipeCase:
 * @request: what is asked for
 * @title: (nullable): what a person calls it; the files are named after it
 * @id: (nullable): by which certwright-cli finds it with its @chain, to save its files
 * @chain: (nullable): the certificate and those above it, if they are there
 * @authority: (nullable): the name, kind of key and days of the private CA that signs
 * @authority_days: how many days are left of its certificate; 0 if it has none yet
 * @authority_is_kept: whether that CA is there, so that the commands make another one
 * @url: (nullable): where it is used, as in "https://device.example.com/api"
 * @own_server_cas: whether the server's CAs come from a file, and not from the system
 * @server_cas: (nullable): which, as "certwright-cli output --server-cas" takes it, if they
 *   are not those that are stored
 * @topic: (nullable): for MQTT, what to publish to
 * @payload: (nullable): and what
 *
 * Whose commands are wanted. Nothing in it is secret.
 */
typedef struct
{
  CwRequest *request;
  const char *title;
  const char *id;
  CwChain *chain;
  CwRequest *authority;
  guint authority_days;
  gboolean authority_is_kept;
  const char *url;
  gboolean own_server_cas;
  const char *server_cas;
  const char *topic;
  const char *payload;
} CwRecipeCase;

/**
 * CwRecipeStep:
 * @title: translated: "Make the Private Key"
 * @text: translated (nullable): what to know about it
 * @commands: text for a POSIX shell, without a line break at its end
 * @apart: whether it is not run with the others, since it undoes what they did
 * @asks: whether it reads from the terminal; such steps are the last ones
 */
typedef struct
{
  char *title;
  char *text;
  char *commands;
  gboolean apart;
  gboolean asks;
} CwRecipeStep;

/**
 * CwRecipe:
 * @title: translated
 * @steps: (element-type CwRecipeStep)
 *
 * The commands that do by hand what this program does.
 */
typedef struct
{
  char *title;
  GPtrArray *steps;
} CwRecipe;

/**
 * cw_recipe_new:
 * @part: what is to be done
 * @input: whose; used during this call only
 * @error: as of cw_request_check(), since what is not complete cannot be asked for
 *
 * Writes the commands of this very case for openssl (3.0 and later), curl and
 * mosquitto, to be pasted into any POSIX shell: what is in names is quoted, for
 * the shell as for openssl's configuration. They work on files in the current
 * folder, named after @title. A secret never stands in them: they make it, read
 * it from a file or ask for it. Private keys are written with mode 0600 and
 * never over a file that exists.
 *
 * Returns: (transfer full) (nullable): the recipe; with no steps if there is
 *   nothing to do, as converting before there is a certificate
 */
CwRecipe *cw_recipe_new (CwRecipePart part, const CwRecipeCase *input, GError **error);

/**
 * cw_recipe_to_script:
 *
 * Returns: (transfer full): all steps, with what is said about them as comments;
 *   a comment too is what stands apart, and what asks is one compound command,
 *   which a shell reads to its end before the first question
 */
char *cw_recipe_to_script (const CwRecipe *self);

void cw_recipe_free (CwRecipe *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwRecipe, cw_recipe_free)

G_END_DECLS
