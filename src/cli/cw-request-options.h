/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the commands that make keys and certificates are told in common: who it
 * is for, what it may do, how long.
 */

#pragma once

#include "cw-command.h"
#include "cw-identity.h"
#include "cw-profile.h"

G_BEGIN_DECLS

/**
 * CwRequestOptions:
 * @days: %CW_REQUEST_OPTIONS_NO_DAYS if none were typed
 *
 * The options as they were typed; %NULL for those that were not.
 */
typedef struct
{
  char *common_name;
  char **subject;
  char **alt_names;
  char **usages;
  char *key_kind;
  char *profile;
  int days;
  char *output;
  gboolean force;
} CwRequestOptions;

#define CW_REQUEST_OPTIONS_NO_DAYS G_MININT
#define CW_REQUEST_OPTIONS_INIT                                                                    \
  {                                                                                                \
    .days = CW_REQUEST_OPTIONS_NO_DAYS                                                             \
  }

void cw_request_options_clear (CwRequestOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CwRequestOptions, cw_request_options_clear)

/* Among the entries of a command: @options is a CwRequestOptions. */
#define CW_REQUEST_NAME_ENTRIES(options)                                                           \
  { "common-name",                                                                                 \
    0,                                                                                             \
    0,                                                                                             \
    G_OPTION_ARG_STRING,                                                                           \
    &(options).common_name,                                                                        \
    N_ ("Who it is for: the subject’s common name"),                                               \
    N_ ("NAME") },                                                                                 \
      { "subject",                                                                                 \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_STRING_ARRAY,                                                                 \
        &(options).subject,                                                                        \
        N_ ("More of the subject, as in “O=Example”; in the order given"),                         \
        N_ ("TYPE=VALUE") },                                                                       \
  {                                                                                                \
    "key-kind", 0, 0, G_OPTION_ARG_STRING, &(options).key_kind,                                    \
        N_ ("The kind of key, as in “rsa-3072” or “ec-p256”"), N_ ("KIND")                         \
  }

#define CW_REQUEST_LEAF_ENTRIES(options)                                                           \
  { "alt-name",                                                                                    \
    0,                                                                                             \
    0,                                                                                             \
    G_OPTION_ARG_STRING_ARRAY,                                                                     \
    &(options).alt_names,                                                                          \
    N_ ("An alternative name: email, dns, ip, uri, upn or other"),                                 \
    N_ ("TYPE:VALUE") },                                                                           \
      { "usage",                                                                                   \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_STRING_ARRAY,                                                                 \
        &(options).usages,                                                                         \
        N_ ("An extended key usage, in place of clientAuth"),                                      \
        N_ ("NAME|OID") },                                                                         \
  {                                                                                                \
    "profile", 0, 0, G_OPTION_ARG_STRING, &(options).profile,                                      \
        N_ ("The consumer that it is for, one of “profile list”"), N_ ("PROFILE")                  \
  }

#define CW_REQUEST_DAYS_ENTRY(options)                                                             \
  {                                                                                                \
    "days", 0, 0, G_OPTION_ARG_INT, &(options).days, N_ ("How many days it is valid"), N_ ("DAYS") \
  }

/* @text says what is written, as in N_ ("Write the request to a file, not to standard output") */
#define CW_REQUEST_OUTPUT_ENTRIES(options, text)                                                   \
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &(options).output, text, N_ ("FILE") },               \
  {                                                                                                \
    "force", 0, 0, G_OPTION_ARG_NONE, &(options).force, N_ ("Replace that file if it exists"),     \
        NULL                                                                                       \
  }

/**
 * cw_request_options_fill:
 * @profile: (nullable): what it wants is asked for, where nothing else is
 * @error: wrong use, with the option's name
 */
gboolean cw_request_options_fill (const CwRequestOptions *self,
                                  CwRequest *request,
                                  CwProfile *profile,
                                  GError **error);

/**
 * cw_request_options_create_identity:
 *
 * Returns: (transfer full) (nullable): a draft that asks for what was typed
 */
CwIdentity *cw_request_options_create_identity (const CwRequestOptions *self, GError **error);

/**
 * cw_request_options_write:
 * @pem: (transfer full): what was made
 * @made: what to say once it is written
 * @kept: what to say where that failed: it can be had again
 *
 * Writes what a command has made to where it was asked for. That it is made stands.
 *
 * Returns: the status to end with
 */
CwStatus cw_request_options_write (const CwRequestOptions *self,
                                   char *pem,
                                   const char *made,
                                   const char *kept);

/**
 * cw_request_options_parse_name:
 * @option: where it was typed, as in "--alt-name"
 * @text: "TYPE:VALUE"
 *
 * Returns: (transfer full) (nullable): the alternative name
 */
CwAltName *cw_request_options_parse_name (const char *option, const char *text, GError **error);

/* What was typed for "--usage" and "--days"; nothing for %NULL and none. */
gboolean cw_request_options_set_usages (CwRequest *request, char **usages, GError **error);
gboolean cw_request_options_set_days (CwRequest *request, int days, GError **error);

G_END_DECLS
