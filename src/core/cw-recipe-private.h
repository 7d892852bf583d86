/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of a recipe are written with.
 */

#pragma once

#include "cw-recipe.h"

G_BEGIN_DECLS

/* A recipe that is being written. */
typedef struct
{
  const CwRecipeCase *input;
  char *stem; /* of the names of files */
  GStringChunk *names;
  GPtrArray *steps;
} CwRecipeWriter;

/**
 * cw_recipe_file:
 * @ending: as in ".key"
 *
 * Returns: (transfer none): the file's name
 */
const char *cw_recipe_file (CwRecipeWriter *self, const char *ending);

/* Adds a step, which the writer keeps; takes @commands, which may end in a line break. */
CwRecipeStep *
cw_recipe_add (CwRecipeWriter *self, const char *title, const char *text, GString *commands);

/* Writes words, each quoted where it has to be, after what is in @line. NULL ends them. */
void cw_shell_words (GString *line, ...) G_GNUC_NULL_TERMINATED;

/* The same in a line of their own, which belongs to the same command. */
void cw_shell_more (GString *line, ...) G_GNUC_NULL_TERMINATED;

/* Ends the command: what follows is the next one. */
void cw_shell_next (GString *line);

/* Gives @text to the command as its standard input, and ends it. */
void cw_shell_input (GString *line, const char *text);

/**
 * CwExtensionSet:
 *
 * Which extensions are written.
 */
typedef enum
{
  CW_EXTENSIONS_ASKED,    /* as cw_request_create_csr() asks for them */
  CW_EXTENSIONS_LEAF,     /* as a certificate has them */
  CW_EXTENSIONS_AUTHORITY /* as a private CA's has them */
} CwExtensionSet;

/**
 * cw_recipe_subject:
 *
 * Returns: (transfer full): for "-subj", not quoted yet
 */
char *cw_recipe_subject (CwSubject *subject);

/**
 * cw_recipe_unknown_types:
 *
 * Returns: (transfer full) (nullable): a configuration's lines that make
 *   OpenSSL know the types of @subject that it does not know
 */
char *cw_recipe_unknown_types (CwSubject *subject);

/**
 * cw_recipe_extensions:
 *
 * Returns: (transfer full) (nullable): "name=value" for "-addext", not quoted
 *   yet; %NULL if they cannot be said like this
 */
GStrv cw_recipe_extensions (CwRequest *request, CwExtensionSet set);

/**
 * cw_recipe_extension_lines:
 *
 * Returns: (transfer full): the same as lines of a configuration file; another
 *   section may follow them
 */
char *cw_recipe_extension_lines (CwRequest *request, CwExtensionSet set);

/* The parts, in their files. */
void cw_recipe_write_request (CwRecipeWriter *self);
void cw_recipe_write_self_sign (CwRecipeWriter *self);
void cw_recipe_write_sign (CwRecipeWriter *self);
void cw_recipe_write_verify (CwRecipeWriter *self);
void cw_recipe_write_test (CwRecipeWriter *self);
void cw_recipe_write_convert (CwRecipeWriter *self);

G_END_DECLS
